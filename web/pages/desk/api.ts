import { type ApiRequest, ask } from '../../shared/api/client';
import { Problem, Unreachable } from '../../shared/api/problem';
import type { StartedResponse, VisitList } from '../../shared/api/types';
import { type DeviceKey, randomText } from '../../shared/device/key';
import { SignInEnded } from '../../shared/sign-in/sign-in';
import type { Channel, EndReason, Listed, Participant, Settings, Visit } from './types';

/** Whoever is signed in: gives access tokens that hold, or throws `SignInEnded`. */
export interface Token {
  token(): Promise<string>;
  /** In place of one that was refused. */
  renewed(): Promise<string>;
}

const TRIES = 3;
const PAUSE_MS = 700;

const isRefused = (error: unknown): boolean => error instanceof Problem && error.code === 'UNAUTHENTICATED';

/** A request as whoever is signed in. A token that is refused though it was new is the end of the sign-in. */
async function signedIn<T>(token: Token, request: ApiRequest): Promise<T> {
  try {
    return await ask<T>({ ...request, bearer: await token.token() });
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  try {
    return await ask<T>({ ...request, bearer: await token.renewed() });
  } catch (error) {
    throw isRefused(error) ? new SignInEnded(error) : error;
  }
}

/** What changes something comes again on a lost line: under one key, so that it happens once. */
async function act<T>(token: Token, path: string, body?: unknown): Promise<T> {
  const idempotencyKey = randomText();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await signedIn<T>(token, { method: 'POST', path, idempotencyKey, ...(body === undefined ? {} : { body }) });
    } catch (error) {
      const passes = error instanceof Unreachable || (error instanceof Problem && error.passing && error.status !== 429);
      if (!passes || attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    }
  }
}

const of = (visitId: string): string => `/api/visits/${encodeURIComponent(visitId)}`;

/** What the desk asks for. */
export const api = (token: Token) => ({
  /** All visits that begin within these times, the soonest first. */
  async visits(from: Date, to: Date): Promise<Listed[]> {
    const found: Listed[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), limit: '100', ...(cursor ? { cursor } : {}) });
      const page: VisitList = await signedIn(token, { method: 'GET', path: `/api/visits?${query}` });
      found.push(...(page.visits as Listed[]));
      cursor = page.nextCursor;
    } while (cursor);
    return found;
  },
  visit: (id: string) => signedIn<Visit>(token, { method: 'GET', path: of(id) }),
  async participants(id: string): Promise<Participant[]> {
    const answer = await signedIn<{ participants: Participant[] }>(token, { method: 'GET', path: `${of(id)}/participants` });
    return answer.participants;
  },
  settings: () => signedIn<Settings>(token, { method: 'GET', path: '/api/tenant' }),
  admit: (id: string, who: string) => act<unknown>(token, `${of(id)}/participants/${who}/admit`),
  reject: (id: string, who: string) => act<unknown>(token, `${of(id)}/participants/${who}/reject`),
  remove: (id: string, who: string) => act<unknown>(token, `${of(id)}/participants/${who}/remove`),
  resend: (id: string, channel: Channel | 'both') => act<unknown>(token, `${of(id)}/resend-link`, { role: 'patient', reason: 'not-received', channel }),
  end: (id: string, endReason: EndReason, notes: string, releaseNotes: boolean) =>
    act<Visit>(token, `${of(id)}/end`, { endReason, ...(notes ? { notes, releaseNotes } : {}) }),
  /** Takes the clinician's own seat; they never wait. */
  start: (id: string, key: DeviceKey | null) =>
    signedIn<StartedResponse>(token, {
      method: 'POST',
      path: `${of(id)}/start-authenticated`,
      body: {},
      // Without a device key the seat belongs to whoever presents this again.
      ...(key ? { dpop: { key } } : { idempotencyKey: randomText() }),
    }),
});

export type Api = ReturnType<typeof api>;
