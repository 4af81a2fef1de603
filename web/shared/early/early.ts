import { messagesOf } from '../i18n/files';
import { preferredLanguage } from '../i18n/language';
import { tabMemory } from '../device/tab-memory';
import { bare, secretOf, type Way, wayOf } from './address';

// What a page needs from elsewhere, asked for while its own code is still on its way: on a slow line that saves a way there
// and back. The build lets this run before all else.

/** The way into a visit that this page's address asks for. */
export const way: Way = wayOf(location);
let begun = look();
// Whoever takes the answer sees its failure.
begun?.catch(() => undefined);
// A page whose code does not come all the way is loaded again, when the address has no secret any more.
if (way.kind === 'link' && way.secret) tabMemory.write(secretOf(way.code), way.secret);
// No secret in the bar, in the history or on a screenshot.
if (way.kind !== 'nothing') history.replaceState(null, '', bare(way));
// Kept by the browser until the page imports them; a failure is the page's to see.
messagesOf(preferredLanguage(), ['everyone']).catch(() => undefined);

/** The answer to the first look at link or code, which is under way. It is handed out once. */
export function firstLook(): Promise<Response> | undefined {
  const first = begun;
  begun = undefined;
  return first;
}

/** As `ask` would ask. Looking needs no key, and changes nothing. */
function look(): Promise<Response> | undefined {
  const shared = { credentials: 'omit', cache: 'no-store', redirect: 'error' } as const;
  const Accept = 'application/json, application/problem+json';
  if (way.kind === 'code') return fetch(`/api/join/${encodeURIComponent(way.meetingCode)}`, { ...shared, headers: { Accept } });
  if (way.kind !== 'link') return undefined;
  const secret = way.secret ?? tabMemory.read(secretOf(way.code));
  if (!secret) return undefined;
  return fetch('/api/token/redeem', {
    ...shared,
    method: 'POST',
    headers: { Accept, 'Content-Type': 'application/json' },
    body: JSON.stringify({ code: way.code, secret }),
  });
}
