import { useEffect } from 'preact/hooks';

/** Keeps the screen on, where the browser can: a phone that falls asleep hears nothing of being let in. */
export function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let gone = false;
    const take = async () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      const taken = await navigator.wakeLock.request('screen').catch(() => undefined);
      if (gone) void taken?.release();
      else lock = taken;
    };
    void take();
    // The browser lets go of it whenever the page is hidden.
    document.addEventListener('visibilitychange', take);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', take);
      void lock?.release();
    };
  }, []);
}
