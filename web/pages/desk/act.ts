import { useRef, useState } from 'preact/hooks';
import { SignInEnded } from '../../shared/sign-in/sign-in';
import type { Work } from './room';
import { inWords } from './words';

/** Something that somebody pressed for: once at a time, then the desk looks anew; what went wrong is said in words. */
export function useAct(work: Work) {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  async function run(act: () => Promise<unknown>): Promise<boolean> {
    // A second press may come before the first is drawn.
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setWrong(null);
    try {
      await act();
      return true;
    } catch (error) {
      if (error instanceof SignInEnded) work.signInEnded();
      setWrong(inWords(error));
      return false;
    } finally {
      await work.refresh();
      running.current = false;
      setBusy(false);
    }
  }
  return { busy, wrong, run };
}
