import { signal } from '@preact/signals';
import { ask } from '../../shared/api/client';
import { Problem } from '../../shared/api/problem';
import type { StartedResponse, VisitDetail, VisitList, VisitSummary, WaitingResponse } from '../../shared/api/types';
import { serverNow } from '../../shared/device/clock';
import { newDeviceKey, randomText } from '../../shared/device/key';
import { forget, keep, recall, sweep } from '../../shared/device/store';
import { deviceInfo } from '../../shared/media-devices/browser';
import { practices, type SignInConfig } from '../../shared/sign-in/config';
import { beginSignIn, returnedSignIn, type SignIn, SignInEnded, wasSignedIn } from '../../shared/sign-in/sign-in';
import { InVisit } from '../../shared/visit/in-visit';
import { patiently } from '../../shared/visit/patience';

/** Where somebody at the portal stands. */
export type State =
  | { at: 'loading' }
  | { at: 'signed-out'; practices: SignInConfig[]; refused: boolean }
  | { at: 'unreachable' }
  | { at: 'visits'; visits: VisitSummary[]; older: boolean; fault?: string }
  | { at: 'visit'; summary: VisitSummary; detail: VisitDetail | null; fault?: 'offline' | 'early' | 'over' | 'media'; joining: boolean }
  | { at: 'in'; visit: InVisit; summary: VisitSummary };

/** How far back the portal looks. */
const PAST_MS = 365 * 86_400_000;

/** A patient's way through the portal. */
export class PortalFlow {
  readonly state = signal<State>({ at: 'loading' });
  readonly durable = signal(true);
  private signIn: SignIn | null = null;
  private cursor: string | undefined;

  get practice(): { name: string; supportPhone?: string } | undefined {
    return this.signIn?.config;
  }

  /** Finds out who is there. */
  async open(): Promise<void> {
    void sweep(serverNow());
    try {
      this.signIn = await returnedSignIn();
      if (this.signIn) return await this.list();
      const known = await practices();
      const only = known.length === 1 ? known[0] : undefined;
      // After a reload the provider's own session signs in again, without a question.
      if (only && wasSignedIn()) return await beginSignIn(only);
      this.state.value = { at: 'signed-out', practices: known, refused: false };
    } catch (error) {
      await this.failed(error);
    }
  }

  async start(config: SignInConfig): Promise<void> {
    try {
      await beginSignIn(config);
    } catch (error) {
      await this.failed(error);
    }
  }

  /** The visits of the last year and all to come. */
  async list(): Promise<void> {
    try {
      const page = await this.page();
      this.cursor = page.nextCursor;
      this.state.value = { at: 'visits', visits: page.visits, older: page.nextCursor !== undefined };
    } catch (error) {
      await this.failed(error);
    }
  }

  /** The next page of the list. */
  async more(): Promise<void> {
    const state = this.state.value;
    if (state.at !== 'visits' || !this.cursor) return;
    try {
      const page = await this.page(this.cursor);
      this.cursor = page.nextCursor;
      this.state.value = { at: 'visits', visits: [...state.visits, ...page.visits], older: page.nextCursor !== undefined };
    } catch (error) {
      await this.failed(error);
    }
  }

  /** One visit, with what to prepare and what was released. */
  async show(summary: VisitSummary): Promise<void> {
    this.state.value = { at: 'visit', summary, detail: null, joining: false };
    try {
      const detail = await this.asPatient<VisitDetail>('GET', `/api/visits/${summary.visitId}`);
      this.change(summary, { detail });
    } catch (error) {
      if (error instanceof SignInEnded || (error instanceof Problem && error.status === 401)) return this.failed(error);
      this.change(summary, { fault: 'offline' });
    }
  }

  /** Comes into the visit by the sign-in, without a link; after a drop, comes back. */
  async join(summary: VisitSummary): Promise<void> {
    const state = this.state.value;
    if (state.at !== 'visit' || state.joining) return;
    this.change(summary, { joining: true });
    const id = `visit:${summary.visitId}`;
    const key = (await recall(id))?.key ?? (await newDeviceKey());
    const owner = key ? { dpop: { key } } : { idempotencyKey: randomText() };
    const until = Date.parse(summary.closesAt);
    this.durable.value = key !== null && (await keep({ id, key, until }));
    try {
      const body = { deviceInfo: await deviceInfo() };
      const path = `/api/visits/${summary.visitId}/start-authenticated`;
      const begin = async () =>
        ask<StartedResponse | WaitingResponse>({ method: 'POST', path, body, bearer: await this.token(), ...owner });
      const answer = await patiently(begin, (_, tries) => tries < 4);
      const visit = new InVisit({ token: answer.visitSession.sessionToken, key });
      visit.practice.value = this.practice;
      visit.begin(answer);
      this.state.value = { at: 'in', visit, summary };
    } catch (error) {
      if (error instanceof SignInEnded) return this.failed(error);
      this.change(summary, { joining: false, fault: faultOf(error) });
    }
  }

  async comeBack(): Promise<void> {
    const state = this.state.value;
    if (state.at !== 'in') return;
    const visit = state.visit.again();
    this.state.value = { ...state, visit };
    await visit.rejoin();
    visit.resume();
  }

  /** After a session that counts no more. */
  async over(): Promise<void> {
    const state = this.state.value;
    if (state.at !== 'in') return;
    await forget(`visit:${state.summary.visitId}`);
    await this.show(state.summary);
  }

  signOut(): void {
    this.signIn?.signOut();
  }

  private change(summary: VisitSummary, change: Partial<Extract<State, { at: 'visit' }>>): void {
    const state = this.state.value;
    if (state.at === 'visit' && state.summary.visitId === summary.visitId) this.state.value = { ...state, ...change };
  }

  private page(cursor?: string): Promise<VisitList> {
    const query = new URLSearchParams({ from: new Date(serverNow() - PAST_MS).toISOString(), limit: '100' });
    if (cursor) query.set('cursor', cursor);
    return this.asPatient<VisitList>('GET', `/api/visits?${query}`);
  }

  private async token(refused?: string): Promise<string> {
    if (!this.signIn) throw new SignInEnded();
    return this.signIn.token(refused);
  }

  private async asPatient<T>(method: 'GET' | 'POST', path: string): Promise<T> {
    const bearer = await this.token();
    const send = (token: string) => patiently(() => ask<T>({ method, path, bearer: token }), (_, tries) => tries < 3);
    try {
      return await send(bearer);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'UNAUTHENTICATED') throw error;
      return send(await this.token(bearer));
    }
  }

  private async failed(error: unknown): Promise<void> {
    const ended = error instanceof SignInEnded || (error instanceof Problem && (error.status === 401 || error.status === 403));
    if (!ended) {
      this.state.value = { at: 'unreachable' };
      return;
    }
    this.signIn = null;
    const known = await practices().catch(() => null);
    this.state.value = known ? { at: 'signed-out', practices: known, refused: true } : { at: 'unreachable' };
  }
}

function faultOf(error: unknown): 'offline' | 'early' | 'over' | 'media' {
  if (!(error instanceof Problem)) return 'offline';
  if (error.code === 'VISIT_NOT_OPEN') return 'early';
  if (error.code === 'MEDIA_UNAVAILABLE') return 'media';
  return error.status >= 500 || error.status === 429 ? 'offline' : 'over';
}
