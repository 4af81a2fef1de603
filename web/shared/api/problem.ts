import type { Practice, Requirements } from './types';

/** What the API says that the page may offer as a way on. */
export type ProblemAction = 'REQUEST_NEW_LINK' | 'CONTACT_SUPPORT' | 'RETRY' | 'VERIFY' | 'WAIT';

/** The body of an error (RFC 9457), as far as pages read it. */
export interface ProblemBody {
  code: string;
  detail: string;
  status: number;
  title: string;
  instance?: string;
  action?: ProblemAction;
  errors?: { pointer: string; detail: string }[];
  practice?: Practice;
  serverTime?: string;
  visitStatus?: string;
  opensAt?: string;
  opensInMs?: number;
  requires?: Requirements;
  attemptsLeft?: number;
}

/** The API refused. */
export class Problem extends Error {
  constructor(
    readonly body: ProblemBody,
    /** Seconds after which to try again, where the answer says so. */
    readonly retryAfter?: number,
  ) {
    super(body.detail);
    this.name = 'Problem';
  }

  get code(): string {
    return this.body.code;
  }

  get status(): number {
    return this.body.status;
  }

  /** Whether the same request may succeed later without anybody doing anything. */
  get passing(): boolean {
    return this.status === 429 || this.status >= 500 || this.code === 'REQUEST_IN_PROGRESS';
  }
}

/** No answer came: no network, a time-out, or something between that answered in the API's place. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super('no answer', { cause });
    this.name = 'Unreachable';
  }
}
