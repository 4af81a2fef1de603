/** RFC 9457, as far as this form reads it. */
export interface Problem {
  readonly code: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly attemptsLeft?: number;
  /** Seconds, of `Retry-After`. */
  readonly retryAfter?: number;
}

export type Answer<T> = { readonly ok: true; readonly body: T } | { readonly ok: false; readonly problem: Problem };

/** Who asks, and where. */
export interface Client {
  readonly api: string;
  readonly key: string;
}

export interface Requested {
  readonly visitId: string;
  readonly status: 'REQUESTED' | 'SCHEDULED';
  readonly challengeId?: string;
  readonly scheduledAt: string;
  readonly duration: number;
  readonly sent: { readonly sms?: { readonly to: string; readonly status: 'sent' | 'failed' | 'opted-out' } };
}

const TRIES = 3;
const PAUSE = 800;
const PATIENCE = 15_000;

const seconds = (value: string | null): { retryAfter?: number } =>
  value && /^\d+$/u.test(value) ? { retryAfter: Number(value) } : {};

async function once<T>(url: string, request: RequestInit): Promise<Answer<T>> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const response = await fetch(url, { ...request, signal: patience.signal });
    const body: unknown = await response.json();
    if (response.ok) return { ok: true, body: body as T };
    return { ok: false, problem: { ...(body as Problem), ...seconds(response.headers.get('Retry-After')) } };
  } finally {
    clearTimeout(timer);
  }
}

/** Comes again on a lost line or a busy service: the same key and body are one request, however often they come. */
export async function post<T>(client: Client, path: string, body: object, idempotencyKey?: string): Promise<Answer<T>> {
  const headers: Record<string, string> = { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' };
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
  const request: RequestInit = { method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit' };
  let answer: Answer<T> = { ok: false, problem: { code: 'OFFLINE' } };
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      answer = await once<T>(client.api + path, request);
      if (answer.ok || !['UNAVAILABLE', 'REQUEST_IN_PROGRESS', 'INTERNAL'].includes(answer.problem.code)) return answer;
    } catch {
      answer = { ok: false, problem: { code: 'OFFLINE' } };
    }
    if (attempt < TRIES) await new Promise((resolve) => setTimeout(resolve, PAUSE * attempt));
  }
  return answer;
}
