import { effect, signal } from '@preact/signals';
import { ask } from '../../shared/api/client';
import { Problem, Unreachable } from '../../shared/api/problem';
import type {
  AnswerChallengeResponse,
  ChallengeResponse,
  CheckCodeResponse,
  CheckLinkResponse,
  Factor,
  StartedResponse,
  WaitingResponse,
} from '../../shared/api/types';
import { serverNow } from '../../shared/device/clock';
import { type DeviceKey, newDeviceKey, randomText } from '../../shared/device/key';
import { adopt, forget, keep, type Kept, recall, sweep } from '../../shared/device/store';
import { tabMemory } from '../../shared/device/tab-memory';
import { secretOf, type Way } from '../../shared/early/address';
import { browserOf, canCall, deviceInfo } from '../../shared/media-devices/browser';
import { InVisit } from '../../shared/visit/in-visit';
import { OneTab } from '../../shared/visit/one-tab';
import { patiently } from '../../shared/visit/patience';
import type { Look, Proving, State, Trouble } from './states';

/** The words that somebody agrees to by coming in; a new text takes a new version. */
const CONSENT_VERSION = '2026-11';
/** How often a start is tried by itself before somebody has to press again. */
const TRIES = 4;

export type JoinWay = Extract<Way, { kind: 'link' | 'code' }>;

/** The way of one person into a visit. Nothing is spent before `join`. */
export class JoinFlow {
  readonly state = signal<State>({ at: 'loading' });
  /** What a person with a public code, or without a name, is called. */
  readonly name = signal('');
  /** Whether key and session will be there after the page is closed. */
  readonly durable = signal(true);
  private key: DeviceKey | null | undefined;
  private readonly tab: OneTab;
  private readonly ownerKey = randomText();
  private proofs: string[] = [];
  private readonly id: string;
  private secret: string | null;

  /** `first` is the answer to a look that was begun before this code was there. */
  constructor(
    private readonly way: JoinWay,
    private first?: Promise<Response>,
  ) {
    this.id = way.kind === 'link' ? `link:${way.code}` : `code:${way.meetingCode}`;
    this.secret = way.kind === 'link' ? (way.secret ?? tabMemory.read(secretOf(way.code))) : null;
    this.tab = new OneTab(this.id, () => this.standAside());
  }

  /** Finds out where one stands. Changes nothing anywhere. `byPress`: whoever left wants to go on. */
  async open(byPress = this.isPressed): Promise<void> {
    const { app } = browserOf(navigator.userAgent);
    if (app !== null && !this.insisted) return this.stopAt({ at: 'in-app', app });
    if (!canCall()) return this.stopAt({ at: 'unsupported' });
    this.show({ at: 'loading' });
    const kept = await recall(this.id);
    if (kept) {
      this.key = kept.key;
      // Asked without the key that this device has: a link that is its own would look like another's.
      this.first = undefined;
    }
    if (kept?.session && kept.until > serverNow()) return this.resume(kept, byPress);
    await this.look();
    void sweep(serverNow());
  }

  /** Goes on in an app's browser all the same. */
  insist(): void {
    this.insisted = true;
    void this.open();
  }
  private insisted = false;

  /** The link whole, for another browser of this phone. */
  get link(): URL {
    const link = new URL(location.href);
    if (this.secret) link.hash = this.secret;
    return link;
  }

  /** Looks at link or code. */
  async look(): Promise<void> {
    if (this.way.kind === 'link' && !this.secret) return this.show({ at: 'incomplete' });
    try {
      const look = await patiently(() => this.fetchLook(), (_, tries) => tries < 2);
      this.show(look);
    } catch (error) {
      this.lookRefused(error);
    }
  }

  /** Spends the link, or asks to come in by a code. The same device may ask as often as it likes. */
  async join(): Promise<void> {
    const state = this.state.value;
    const look = state.at === 'preview' || state.at === 'proving' ? state.look : null;
    if (state.at === 'preview') {
      if (state.joining) return;
      this.show({ ...state, joining: true });
    }
    await this.haveKey(look);
    try {
      const answer = await patiently(() => this.start(look), (_, tries) => tries < TRIES);
      await this.came(answer, look);
    } catch (error) {
      this.startRefused(error, look);
    }
  }

  /** Asks for the code, or for the e-mail, that proves a factor; `sms-otp` moves a spent link here, too. */
  async send(factor: Factor): Promise<void> {
    const before = this.state.value;
    const look = 'look' in before ? before.look : null;
    const practice = this.practice;
    const at = (proving: Proving) => this.show({ at: 'proving', look, ...(practice ? { practice } : {}), proving });
    const known = before.at === 'proving' && before.proving.challenge ? { challenge: before.proving.challenge } : {};
    at({ factor, ...known, busy: true });
    await this.haveKey(look);
    try {
      const challenge = await ask<ChallengeResponse>({
        method: 'POST',
        path: '/api/challenges',
        body: { factor, ...(this.way.kind === 'link' ? this.credential : { meetingCode: this.way.meetingCode }) },
        ...this.proven,
      });
      at({ factor, challenge, busy: false });
    } catch (error) {
      const code = error instanceof Problem ? error.code : '';
      if (['TOKEN_INVALID', 'VISIT_ENDED', 'VISIT_CANCELLED', 'TOKEN_EXPIRED', 'TOKEN_REVOKED'].includes(code)) {
        return this.lookRefused(error);
      }
      const trouble = code === 'NO_CONTACT_FOR_CHANNEL' ? 'no-contact' : code === 'FORBIDDEN' ? 'closed' : troubleOf(error);
      at({ factor, ...known, trouble, busy: false });
    }
  }

  /** Answers with what was typed, and goes on when it is right. */
  async answer(typed: string, length: number): Promise<void> {
    const state = this.state.value;
    if (state.at !== 'proving' || !state.proving.challenge || state.proving.busy) return;
    const { challenge, factor } = state.proving;
    const at = (change: Partial<Proving>) => this.show({ ...state, proving: { factor, challenge, busy: false, ...change } });
    const digits = typed.replace(/\D/g, '');
    // What is no code must not cost a try.
    if (digits.length !== length) return at({ wrong: { attemptsLeft: -1 } });
    at({ busy: true });
    try {
      const { challengeId } = await ask<AnswerChallengeResponse>({
        method: 'POST',
        path: `/api/challenges/${challenge.challengeId}/answer`,
        body: { answer: digits },
        ...this.proven,
      });
      await this.prove(challengeId);
    } catch (error) {
      if (!(error instanceof Problem)) return at({ trouble: 'offline' });
      if (error.code === 'CHALLENGE_FAILED') return at({ wrong: { attemptsLeft: error.body.attemptsLeft ?? 0 } });
      if (error.code === 'CHALLENGE_EXPIRED') return this.show({ ...state, proving: { factor, busy: false, trouble: 'closed' } });
      at({ trouble: troubleOf(error) });
    }
  }

  /** Goes on with an e-mail's link that was confirmed, wherever that was. */
  async confirmed(): Promise<void> {
    const state = this.state.value;
    if (state.at === 'proving' && state.proving.challenge) await this.prove(state.proving.challenge.challengeId);
  }

  /** Asks for a new link in place of one that no longer opens. */
  async renew(): Promise<void> {
    const state = this.state.value;
    if ((state.at !== 'dead' && state.at !== 'used') || state.renewed === 'asking') return;
    this.show({ ...state, renewed: 'asking' });
    try {
      await patiently(() => ask({ method: 'POST', path: '/api/links/renew', body: this.credential }), (_, tries) => tries < 2);
      this.show({ ...state, renewed: 'yes' });
    } catch (error) {
      this.show({ ...state, renewed: error instanceof Problem && error.status === 429 ? 'limited' : 'failed' });
    }
  }

  /** After leaving or after a session that no longer counts: everything from the beginning. */
  async comeBack(): Promise<void> {
    const state = this.state.value;
    if (state.at === 'in') {
      const visit = state.visit.again();
      this.tab.claim();
      this.show({ at: 'in', visit, look: state.look });
      await visit.rejoin();
      visit.resume();
    } else {
      await this.open(true);
    }
  }

  /** Forgets a session that no longer counts, and looks at the link again. */
  async startOver(): Promise<void> {
    await forget(this.id);
    this.key = undefined;
    this.proofs = [];
    await this.look();
  }

  /** Shows what ends here, and asks whom to call instead. */
  private stopAt(state: Extract<State, { at: 'in-app' | 'unsupported' }>): void {
    this.show(state);
    if (this.way.kind === 'link' && !this.secret) return;
    const found = this.fetchLook().then((look) => ('look' in look ? look.look?.practice : undefined));
    // Without an answer the page does without.
    found.then((practice) => practice && this.state.value === state && this.show({ ...state, practice }), () => undefined);
  }

  /** The visit is in another tab from now on; what was begun here is that tab's. */
  private standAside(): void {
    const state = this.state.value;
    if (!['in', 'preview', 'proving', 'early', 'other-tab'].includes(state.at)) return;
    if (state.at === 'in') state.visit.close();
    const { practice } = this;
    this.key = undefined;
    this.show({ at: 'other-tab', ...(practice ? { practice } : {}) });
  }

  private show(state: State): void {
    this.state.value = state;
  }

  private get credential(): { code: string; secret: string } {
    return { code: this.way.kind === 'link' ? this.way.code : '', secret: this.secret ?? '' };
  }

  private get proven(): { dpop?: { key: DeviceKey } } {
    return this.key ? { dpop: { key: this.key } } : {};
  }

  private get practice() {
    const state = this.state.value;
    return 'practice' in state ? state.practice : 'look' in state ? state.look?.practice : undefined;
  }

  /** Whether the page was opened by somebody who wants in: the address has the secret only then, and a reload is no wish. */
  private get isPressed(): boolean {
    const [opened] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return (this.way.kind === 'link' && this.way.secret !== null) || opened?.type === 'navigate';
  }

  private resume(kept: Kept, byPress: boolean): void {
    if (!kept.session) return;
    const visit = new InVisit({ token: kept.session.token, key: kept.key });
    this.show({ at: 'in', visit, look: null });
    this.claimOnceOn(visit);
    visit.resume(byPress);
    // Who and when, for whoever waits; without an answer the page does without.
    if (this.secret || this.way.kind === 'code') void this.fillIn(visit);
  }

  /** Has the visit from the other tabs as soon as it goes on here; a tab that was left does not. */
  private claimOnceOn({ stand }: InVisit): void {
    const stop = effect(() => {
      const { kind } = stand.value;
      if (kind === 'resuming') return;
      queueMicrotask(() => stop());
      if (kind !== 'left' && kind !== 'over') this.tab.claim();
    });
  }

  private async fillIn(visit: InVisit): Promise<void> {
    const state = await this.fetchLook().catch(() => null);
    const now = this.state.value;
    if (state && 'look' in state && now.at === 'in' && now.visit === visit) this.show({ ...now, look: state.look });
  }

  private async fetchLook(): Promise<State> {
    const begun = this.first ? { begun: this.first } : {};
    this.first = undefined;
    if (this.way.kind === 'code') {
      const found = await ask<CheckCodeResponse>({ method: 'GET', path: `/api/join/${encodeURIComponent(this.way.meetingCode)}`, ...begun });
      const look: Look = { ...found, role: 'patient', scheduledAt: found.opensAt, modality: 'video' };
      return Date.parse(found.opensAt) > serverNow() ? { at: 'early', look } : { at: 'preview', look, joining: false };
    }
    const found = await ask<CheckLinkResponse>({ method: 'POST', path: '/api/token/redeem', body: this.credential, ...this.proven, ...begun });
    const { visit, role, practice, opensAt, expiresAt, requires, joinable } = found;
    const look: Look = { ...visit, role, practice, opensAt, closesAt: expiresAt, requires };
    return joinable.now ? { at: 'preview', look, joining: false } : { at: 'early', look };
  }

  private lookRefused(error: unknown): void {
    if (!(error instanceof Problem)) return this.show({ at: 'unreachable', trouble: 'offline' });
    const practice = error.body.practice ?? this.practice;
    const at = practice ? { practice } : {};
    switch (error.code) {
      case 'TOKEN_INVALID':
      case 'CODE_NOT_FOUND':
      case 'VALIDATION_FAILED':
      case 'NOT_FOUND':
        return this.show({ at: 'invalid' });
      case 'TOKEN_EXPIRED':
      case 'TOKEN_REVOKED':
        return this.show({ at: 'dead', ...at, renewed: 'no' });
      case 'TOKEN_USED':
        return this.show({ at: 'used', ...at, canMove: error.body.action === 'VERIFY', renewed: 'no' });
      case 'VISIT_ENDED':
        return this.show({ at: 'ended', ...at });
      case 'VISIT_CANCELLED':
        return this.show({ at: 'cancelled', ...at });
      default:
        return this.show({ at: 'unreachable', trouble: troubleOf(error) });
    }
  }

  /** The device's key, made when it is first needed: looking needs none. */
  private async haveKey(look: Look | null): Promise<void> {
    if (this.key !== undefined) return;
    const made = await newDeviceKey();
    // A start whose answer is lost on its way is found again by this key, also after the page was closed.
    const until = look ? Date.parse(look.closesAt) : serverNow() + 24 * 3_600_000;
    // Another tab may have been quicker: two keys for one link would shut one of them out.
    const kept = made ? await adopt({ id: this.id, key: made, until }) : undefined;
    this.key = kept?.key ?? made;
    this.durable.value = kept !== undefined;
  }

  private async start(look: Look | null): Promise<StartedResponse | WaitingResponse> {
    const name = this.name.value.trim();
    const shared = {
      ...(name ? { displayName: name } : {}),
      ...(this.proofs.length > 0 ? { proofs: this.proofs } : {}),
      deviceInfo: await deviceInfo(),
    };
    const owner = this.key ? this.proven : { idempotencyKey: this.ownerKey };
    if (this.way.kind === 'code') {
      const path = `/api/join/${encodeURIComponent(this.way.meetingCode)}`;
      return ask({ method: 'POST', path, body: shared, ...owner });
    }
    return ask({ method: 'POST', path: `/api/visits/${look?.visitId}/start`, body: { ...this.credential, ...shared }, ...owner });
  }

  private async came(answer: StartedResponse | WaitingResponse, look: Look | null): Promise<void> {
    const { sessionToken, expiresIn } = answer.visitSession;
    const key = this.key ?? null;
    if (key) {
      const session = { token: sessionToken, ...(look?.visitId ? { visitId: look.visitId } : {}) };
      this.durable.value = await keep({ id: this.id, key, session, until: serverNow() + expiresIn * 1000 });
      if (this.durable.value && this.way.kind === 'link') tabMemory.forget(secretOf(this.way.code));
    }
    const visit = new InVisit({ token: sessionToken, key });
    visit.practice.value = look?.practice;
    visit.role.value = look?.role ?? 'patient';
    visit.begin(answer);
    this.show({ at: 'in', visit, look });
    this.tab.claim();
    if (look?.role === 'patient') visit.consent(CONSENT_VERSION).catch(() => undefined);
  }

  private startRefused(error: unknown, look: Look | null): void {
    const code = error instanceof Problem ? error.code : '';
    if (error instanceof Problem && code === 'VERIFICATION_REQUIRED') return this.askForNext(error, look);
    if (code === 'VISIT_NOT_OPEN' && look) return this.show({ at: 'early', look });
    if (code === 'PARTICIPANT_STATE') return this.show({ at: 'turned-away', ...(look ? { practice: look.practice } : {}) });
    const ends = ['TOKEN_INVALID', 'CODE_NOT_FOUND', 'TOKEN_EXPIRED', 'TOKEN_REVOKED', 'TOKEN_USED', 'VISIT_ENDED', 'VISIT_CANCELLED'];
    if (ends.includes(code) || !look) return this.lookRefused(error);
    this.show({ at: 'preview', look, joining: false, trouble: troubleOf(error) });
  }

  private askForNext(refusal: Problem, look: Look | null): void {
    const factor = refusal.body.requires?.factors[0];
    if (!factor) {
      if (look) this.show({ at: 'preview', look, joining: false, trouble: 'failed' });
      return;
    }
    const state = this.state.value;
    // An e-mail that is not confirmed yet: the page goes on waiting for it.
    if (state.at === 'proving' && state.proving.factor === factor && factor === 'email-link' && state.proving.challenge) {
      this.proofs = this.proofs.filter((proof) => proof !== state.proving.challenge?.challengeId);
      return this.show({ ...state, proving: { ...state.proving, busy: false } });
    }
    this.show({ at: 'proving', look, ...(look ? { practice: look.practice } : {}), proving: { factor, busy: false } });
  }

  private async prove(challengeId: string): Promise<void> {
    this.proofs = [...new Set([...this.proofs, challengeId])].slice(-4);
    const state = this.state.value;
    if (state.at !== 'proving') return;
    if (!state.look && this.way.kind === 'link') return this.moveHere();
    await this.join();
  }

  /** A spent link whose holder has answered by phone: only now the look says which visit it is, and the session moves here. */
  private async moveHere(): Promise<void> {
    try {
      const found = await patiently(() => this.fetchLook(), (_, tries) => tries < TRIES);
      if (!('look' in found) || !found.look) return this.show(found);
      this.show({ at: 'preview', look: found.look, joining: false });
      await this.join();
    } catch (error) {
      this.lookRefused(error);
    }
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof Unreachable) return 'offline';
  if (!(error instanceof Problem)) return 'failed';
  if (error.status === 429) return 'limited';
  if (error.code === 'MEDIA_UNAVAILABLE') return 'media';
  return error.status >= 500 ? 'busy' : 'failed';
}
