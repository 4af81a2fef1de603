let context: AudioContext | undefined;

/** Gets sound ready; from within a press, since browsers keep silent pages silent. */
export function readySound(): void {
  context ??= new AudioContext();
  void context.resume().catch(() => undefined);
}

/** Two soft rising tones: somebody lets you in, somebody is there. */
export function chime(): void {
  readySound();
  if (!context) return;
  for (const [index, pitch] of [660, 880].entries()) {
    const [tone, volume, from] = [context.createOscillator(), context.createGain(), context.currentTime + index * 0.22];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.25, from + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.6);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + 0.65);
  }
}
