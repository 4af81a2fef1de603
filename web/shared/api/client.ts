import { learnServerTime } from '../device/clock';
import { type DeviceKey, proof } from '../device/key';
import { Problem, type ProblemBody, Unreachable } from './problem';

/** A request to our API. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with query, from `/api` on. */
  path: string;
  body?: unknown;
  /** A sign-in, a publishable key, or a visit session that is bound to no key. */
  bearer?: string;
  /** The device proves its key; with `token` it presents a visit session that is bound to it. */
  dpop?: { key: DeviceKey; token?: string };
  idempotencyKey?: string;
  /** Milliseconds until no answer counts as none. */
  patience?: number;
  /** Lets the request outlive the page, for a last word such as leaving. */
  keepalive?: boolean;
  /** This very request, where it was sent before the page's code was there. */
  begun?: Promise<Response>;
}

/**
 * Asks the API, and gives the answer's body (`undefined` for 204).
 * A proof that was refused for the clock alone is made once more by the server's time.
 */
export async function ask<T>(request: ApiRequest): Promise<T> {
  try {
    return await send<T>(request);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'DPOP_CLOCK_SKEW' || !error.body.serverTime) throw error;
    learnServerTime(error.body.serverTime);
    const { begun: _, ...anew } = request;
    return send<T>(anew);
  }
}

async function send<T>(request: ApiRequest): Promise<T> {
  let response: Response;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), request.patience ?? 20_000);
  try {
    response = await (request.begun ? unless(patience.signal, request.begun) : fetch(request.path, {
      method: request.method,
      headers: await headers(request),
      body: request.body === undefined ? null : JSON.stringify(request.body),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      keepalive: request.keepalive ?? false,
      signal: patience.signal,
    }));
    return await read<T>(response);
  } catch (error) {
    throw error instanceof Problem ? error : new Unreachable(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits no longer once the signal says so. */
function unless(signal: AbortSignal, answer: Promise<Response>): Promise<Response> {
  return Promise.race([answer, new Promise<never>((_, failed) => signal.addEventListener('abort', () => failed(signal.reason)))]);
}

async function headers({ method, path, body, bearer, dpop, idempotencyKey }: ApiRequest): Promise<Headers> {
  const headers = new Headers({ Accept: 'application/json, application/problem+json' });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (idempotencyKey) headers.set('Idempotency-Key', idempotencyKey);
  if (bearer) headers.set('Authorization', `Bearer ${bearer}`);
  if (dpop) {
    const url = new URL(path, location.origin);
    headers.set('DPoP', await proof(dpop.key, method, url.origin + url.pathname, dpop.token));
    if (dpop.token) headers.set('Authorization', `DPoP ${dpop.token}`);
  }
  return headers;
}

async function read<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  // Something between that answers with a page of its own is no answer of ours.
  if (!/^application\/(problem\+)?json\b/.test(response.headers.get('Content-Type') ?? '')) throw new Unreachable();
  const body: unknown = await response.json();
  if (!response.ok) throw new Problem(body as ProblemBody, seconds(response.headers.get('Retry-After')));
  const { serverTime } = body as { serverTime?: string };
  if (serverTime) learnServerTime(serverTime);
  return body as T;
}

function seconds(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
