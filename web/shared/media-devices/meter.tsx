import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/texts';

/** How loud a moment is, 0 to 1, on a scale where speech moves most of the way. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 20 * Math.log10(Math.sqrt(sum / samples.length) || 1e-6);
  return Math.min(1, Math.max(0, (decibels + 60) / 50));
}

/** Bars that move with the voice, so that somebody sees that they can be heard. */
export function Meter({ stream }: { stream: MediaStream }) {
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    const samples = new Float32Array(analyser.fftSize);
    context.createMediaStreamSource(stream).connect(analyser);
    // Some browsers hold sound back until the first press anywhere.
    const wake = () => void context.resume();
    addEventListener('pointerdown', wake);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      if (bar.current) bar.current.value = loudness(samples);
    }, 80);
    return () => {
      clearInterval(timer);
      removeEventListener('pointerdown', wake);
      void context.close();
    };
  }, [stream]);
  return <meter ref={bar} class="meter" min={0} max={1} low={0} high={1} value={0} aria-label={t('microphone-level')} />;
}
