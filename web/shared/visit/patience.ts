import { Problem, Unreachable } from '../api/problem';

/** Whether trying again may help without anybody doing anything. */
export function passes(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && error.passing);
}

/** Milliseconds to wait before the next try: what the answer asks for, else ever longer, with jitter. */
export function pause(error: unknown, tries: number): number {
  const asked = error instanceof Problem ? (error.retryAfter ?? 0) * 1000 : 0;
  return Math.max(asked, Math.min(8000, 500 * 2 ** tries) * (0.5 + Math.random() / 2));
}

/**
 * Tries as long as `on` says so. For requests that may be made twice: whoever owns a link or a session gets the same answer
 * again, so that an answer that was lost on its way costs nothing.
 */
export async function patiently<T>(act: () => Promise<T>, on: (error: unknown, tries: number) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!passes(error) || !on(error, tries)) throw error;
      await sleep(pause(error, tries));
    }
  }
}

/** Waits, and wakes early when the network is back. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    const wake = () => {
      clearTimeout(timer);
      removeEventListener('online', wake);
      done();
    };
    const timer = setTimeout(wake, milliseconds);
    addEventListener('online', wake);
  });
}
