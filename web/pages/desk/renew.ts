import { type HandedOver, SignIn, beginSignIn, returnedSignIn } from '../../shared/sign-in/sign-in';
import type { SignInConfig } from '../../shared/sign-in/config';

// A sign-in that has ended is renewed in a window of its own: the desk stays as it is, with its call and its notes.

const CHANNEL = 'bedside-desk-sign-in';
const RENEWING = 'bedside-desk-renewing';
const ASKED = '#renew=';

/** Opens the window; `done` gets the new sign-in. Works within a press only. */
export function renewBeside(config: SignInConfig, done: (signIn: SignIn) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<HandedOver>) => {
    // Another desk in this browser may belong to somebody else's practice.
    if (data.config.issuer !== config.issuer || data.config.clientId !== config.clientId) return;
    channel.close();
    done(SignIn.from(data));
  };
  const beside = window.open(location.pathname + ASKED + encodeURIComponent(config.clientId), 'bedside-sign-in', 'popup,width=520,height=680');
  // Where windows are not allowed we leave, and come back: the notes are kept for that.
  if (!beside) void beginSignIn(config);
  return () => channel.close();
}

/** Whether this page is such a window; what it has to do then is done here. */
export async function isRenewal(practices: () => Promise<SignInConfig[]>): Promise<boolean> {
  if (location.hash.startsWith(ASKED)) {
    const clientId = decodeURIComponent(location.hash.slice(ASKED.length));
    sessionStorage.setItem(RENEWING, 'yes');
    history.replaceState(null, '', location.pathname);
    const config = (await practices()).find((practice) => practice.clientId === clientId);
    if (config) await beginSignIn(config);
    return true;
  }
  if (sessionStorage.getItem(RENEWING) === null) return false;
  sessionStorage.removeItem(RENEWING);
  const signIn = await returnedSignIn();
  if (!signIn) return false;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(signIn.handOver());
  channel.close();
  window.close();
  return true;
}
