import { signal } from '@preact/signals';
import { ask } from '../api/client';
import { Problem } from '../api/problem';
import type { JoinSessionResponse, Media, Person, Practice, Role, SessionResponse, StartedResponse, WaitingResponse } from '../api/types';
import type { DeviceKey } from '../device/key';
import { tabMemory } from '../device/tab-memory';
import { passes, patiently, pause } from './patience';

/** How somebody who came in stands. */
export type Stand =
  | { kind: 'resuming' }
  | { kind: 'waiting'; position: number; forecast?: number }
  | { kind: 'joining' }
  | { kind: 'call'; media: Media }
  | { kind: 'left' }
  | { kind: 'over'; why: Over };

/** Why somebody is no longer in the visit: the last word, but for `elsewhere`, after which another way in may help. */
export type Over = 'ended' | 'cancelled' | 'rejected' | 'removed' | 'elsewhere';

/** Whoever asks out of turn lets others come along. */
const SOON_MS = 500;

/** A visit session and the key that it is bound to; without a key it is bound to none, and never leaves the memory. */
export interface Session {
  token: string;
  key: DeviceKey | null;
}

/** Somebody's place in a visit: waiting, called in, in the call, back after a drop, until the end. */
export class InVisit {
  readonly stand = signal<Stand>({ kind: 'resuming' });
  /** No answer comes at the moment; what is shown may be old. */
  readonly offline = signal(false);
  readonly practice = signal<Practice | undefined>(undefined);
  readonly role = signal<Role>('patient');
  /** Everybody who was let in, for whoever was; who came a moment ago may be missing. */
  readonly people = signal<Person[]>([]);
  /** Whether the call is being recorded. */
  readonly recorded = signal(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private misses = 0;
  private byPress = false;
  private isClosed = false;
  private joining: Promise<void> | null = null;
  private readonly onWake = () => {
    if (document.visibilityState === 'visible' && !this.isOver) this.pollIn(0);
  };

  constructor(
    readonly session: Session,
    private participantId = '',
  ) {
    document.addEventListener('visibilitychange', this.onWake);
    addEventListener('online', this.onWake);
  }

  /** Goes on from the answer to a start. */
  begin(answer: StartedResponse | WaitingResponse): void {
    this.participantId = answer.participantId;
    tabMemory.forget(this.goodbye);
    if (answer.status === 'ADMITTED') {
      this.stand.value = { kind: 'call', media: answer.media };
      this.pollIn(5000);
    } else {
      this.wait(answer.position, answer.estimatedWaitSeconds);
      this.pollIn(answer.pollAfterMs);
    }
  }

  /** Comes back with a session from before; `byPress` where somebody asked for that just now. */
  resume(byPress = false): void {
    this.byPress = byPress;
    this.pollIn(0);
  }

  /** Asks how it stands before it is time to. */
  askSoon(): void {
    if (!this.isOver) this.pollIn(SOON_MS);
  }

  /** Gets media anew: after a drop that did not heal, or when the meeting was made anew. Further calls join the first. */
  rejoin(): Promise<void> {
    tabMemory.forget(this.goodbye);
    this.joining ??= this.join().finally(() => (this.joining = null));
    return this.joining;
  }

  /** Leaves. Coming back stays possible until the visit closes. */
  async leave(): Promise<void> {
    clearTimeout(this.timer);
    this.stand.value = { kind: 'left' };
    tabMemory.write(this.goodbye, 'yes');
    try {
      await patiently(() => this.send<void>('POST', '/api/session/leave', true), (_, tries) => tries < 3);
    } catch {
      // The seat empties by itself when nobody is heard of.
    }
  }

  /** The same place anew, for whoever comes back to it by a press. */
  again(): InVisit {
    this.close();
    return new InVisit(this.session, this.participantId);
  }

  /** Records what was agreed to by pressing. It is tried again until it is recorded or refused. */
  async consent(version: string): Promise<void> {
    const body = { type: 'telehealth', version, granted: true };
    // Whoever leaves or comes in elsewhere meanwhile has agreed all the same.
    const on = () => this.stand.value.kind !== 'over';
    await patiently(() => ask<void>({ method: 'POST', path: '/api/session/consent', body, ...this.credentials }), on);
  }

  /** Stops asking; for a page that shows something else from now on. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.onWake);
    removeEventListener('online', this.onWake);
  }

  /**
   * What the tab remembers by that somebody left by a press: for the service, whoever lost their tab has left as well, and
   * they want to go on.
   */
  private get goodbye(): string {
    return `left-${this.participantId}`;
  }

  private get isOver(): boolean {
    return this.isClosed || this.stand.value.kind === 'over' || this.stand.value.kind === 'left';
  }

  private get credentials() {
    const { token, key } = this.session;
    return key ? { dpop: { key, token } } : { bearer: token };
  }

  private send<T>(method: 'GET' | 'POST', path: string, keepalive = false): Promise<T> {
    return ask<T>({ method, path, keepalive, patience: 10_000, ...this.credentials });
  }

  private pollIn(milliseconds: number): void {
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => void this.poll(), milliseconds);
  }

  private async poll(): Promise<void> {
    try {
      const session = await this.send<SessionResponse>('GET', this.stand.peek().kind === 'call' ? '/api/session?people=true' : '/api/session');
      this.misses = 0;
      this.offline.value = false;
      this.participantId = session.participantId;
      this.practice.value = session.practice;
      this.role.value = session.role;
      this.people.value = session.people ?? [];
      this.recorded.value = session.media?.recorded ?? false;
      await this.follow(session);
      if (!this.isOver) this.pollIn(session.pollAfterMs);
    } catch (error) {
      if (!passes(error)) return this.refused(error);
      this.misses += 1;
      // One answer that is late is no news.
      this.offline.value = this.misses > 1;
      this.pollIn(pause(error, this.misses));
    }
  }

  private async follow(session: SessionResponse): Promise<void> {
    // Somebody who has left meanwhile is not called back by an answer that was under way.
    if (this.isOver) return;
    const over = overBy(session);
    if (over) return this.end(over);
    const stand = this.stand.value;
    if (stand.kind === 'resuming') {
      if (!this.byPress && tabMemory.read(this.goodbye)) {
        this.stand.value = { kind: 'left' };
        return;
      }
      tabMemory.forget(this.goodbye);
    }
    switch (session.status) {
      case 'WAITING':
        return this.wait(session.position ?? 1, session.estimatedWaitSeconds);
      case 'LEFT':
      case 'ADMITTED':
      case 'JOINED': {
        // Of somebody in the call whom the service has lost, the call itself knows better.
        if (session.status === 'LEFT' && stand.kind !== 'resuming') return;
        const moved = stand.kind === 'call' && session.media !== undefined && session.media.epoch !== stand.media.epoch;
        if (stand.kind !== 'call' || moved) await this.rejoin();
        return;
      }
      case 'REJECTED':
      case 'REMOVED':
        return;
    }
  }

  private wait(position: number, forecast: number | undefined): void {
    this.stand.value = { kind: 'waiting', position, ...(forecast === undefined ? {} : { forecast }) };
  }

  private async join(): Promise<void> {
    if (this.stand.value.kind !== 'call') this.stand.value = { kind: 'joining' };
    try {
      const noteOffline = () => {
        this.offline.value = true;
        return !this.isOver;
      };
      const { media } = await patiently(() => this.send<JoinSessionResponse>('POST', '/api/session/join'), noteOffline);
      this.offline.value = false;
      if (!this.isOver) this.stand.value = { kind: 'call', media };
    } catch (error) {
      this.refused(error);
    }
  }

  private refused(error: unknown): void {
    const code = error instanceof Problem ? error.code : '';
    if (code === 'VISIT_ENDED') return this.end('ended');
    if (code === 'VISIT_CANCELLED') return this.end('cancelled');
    if (code === 'NOT_ADMITTED') return this.pollIn(0);
    // A session that no longer counts has ended, or another device has taken its place.
    this.end('elsewhere');
  }

  private end(why: Over): void {
    this.stand.value = { kind: 'over', why };
    this.close();
  }
}

function overBy({ status, visitStatus }: SessionResponse): Over | null {
  if (status === 'REJECTED') return 'rejected';
  if (status === 'REMOVED') return 'removed';
  switch (visitStatus) {
    case 'CANCELLED':
      return 'cancelled';
    case 'COMPLETED':
    case 'TECHNICAL':
    case 'NO_SHOW':
      return 'ended';
    default:
      return null;
  }
}
