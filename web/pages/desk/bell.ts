import { signal } from '@preact/signals';

/** Whether the browser lets this page be heard: not before somebody has pressed something on it. */
export const audible = signal(false);

/** Two notes, rising: heard through speech, and not alarming. In hertz, seconds. */
const NOTES = [
  { pitch: 659.3, from: 0, to: 0.35 },
  { pitch: 880, from: 0.22, to: 0.8 },
] as const;
const LOUDNESS = 0.25;

let context: AudioContext | undefined;

/** Asks to be heard. Works within a press only; browsers refuse it elsewhere. */
export async function unlock(): Promise<void> {
  context ??= new AudioContext();
  context.onstatechange = () => (audible.value = context?.state === 'running');
  await context.resume();
  audible.value = context.state === 'running';
}

/** Takes the first press on the page as leave to be heard. */
export function unlockByFirstPress(): () => void {
  const events = ['pointerdown', 'keydown'] as const;
  const press = () => void unlock().then(() => audible.value && stop());
  const stop = () => events.forEach((event) => removeEventListener(event, press, true));
  events.forEach((event) => addEventListener(event, press, true));
  // Some browsers remember that this page may be heard.
  void unlock();
  return stop;
}

/** Rings. */
export function ring(): void {
  if (!context || context.state !== 'running') return;
  const now = context.currentTime;
  for (const { pitch, from, to } of NOTES) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, now + from);
    volume.gain.linearRampToValueAtTime(LOUDNESS, now + from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, now + to);
    tone.connect(volume).connect(context.destination);
    tone.start(now + from);
    tone.stop(now + to);
  }
}
