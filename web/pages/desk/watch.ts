import { computed, signal } from '@preact/signals';
import { ask } from '../../shared/api/client';
import { serverNow } from '../../shared/device/clock';
import { SignInEnded } from '../../shared/sign-in/sign-in';
import type { Api } from './api';
import { Arrivals, waitingOf } from './arrivals';
import { type Listed, type Participant, isLive } from './types';

/** Today's visits; null before the first look. */
export const visits = signal<Listed[] | null>(null);
/** Who is in each visit, as far as it was looked at. */
export const rooms = signal<Readonly<Record<string, Participant[]>>>({});
/** The visit that is open on the desk. */
export const selected = signal<string | null>(null);
/** Why the last look failed; null when what is shown is how it stands. */
export const trouble = signal<unknown>(null);
/** The server's time, for what is shown as "for 3 minutes". */
export const now = signal(serverNow());

/** How many people wait, in all visits. */
export const waiting = computed(() => {
  const live = (visits.value ?? []).filter(isLive);
  return live.reduce((sum, { visitId, waiting: listed }) => {
    const room = rooms.value[visitId];
    return sum + (room ? waitingOf(room).length : listed);
  }, 0);
});

const HOUR = 3_600_000;
/** A visit that began yesterday may still be open: two hours long at most, and as long again open at most four. */
const BEFORE_MIDNIGHT = 6 * HOUR;
/** A visit of tomorrow may be open already: at most two hours before it begins. */
const AFTER_MIDNIGHT = 2 * HOUR;
const ASK_THE_TIME_MS = 60_000;
/** Where no visit is open nobody can come: it is enough to learn of new visits. */
const QUIET_MS = 15_000;

const isOpen = (visit: Listed): boolean => isLive(visit) && Date.parse(visit.opensAt) <= serverNow() && serverNow() < Date.parse(visit.closesAt);

/** From which midnight to which one it is today on this desk's clock. */
function today(): [from: number, to: number] {
  const midnight = new Date(serverNow());
  midnight.setHours(0, 0, 0, 0);
  const next = new Date(midnight);
  next.setDate(next.getDate() + 1);
  return [midnight.getTime(), next.getTime()];
}

/** Whether it is a visit of today, or of yesterday and not over, or of tomorrow and open already. */
function concerns(visit: Listed, [from, to]: [number, number]): boolean {
  const [at, opens, closes, now] = [Date.parse(visit.scheduledAt), Date.parse(visit.opensAt), Date.parse(visit.closesAt), serverNow()];
  if (at < from) return isLive(visit) && closes > now;
  return at < to || (isLive(visit) && opens <= now);
}

/** Looks after the visits of today, every few seconds, whether the page is in front or not. */
export class Watch {
  private readonly arrivals = new Arrivals();
  private looking: Promise<void> | null = null;
  private askedTheTime = -Infinity;
  private looked = -Infinity;
  /** Nothing is asked for somebody whose sign-in has ended. */
  private isEnded = false;
  private worker: Worker | undefined;

  constructor(
    private readonly api: Api,
    private readonly onArrival: (people: Participant[]) => void,
    private readonly onSignInEnded: () => void,
  ) {}

  start(): void {
    this.worker = new Worker(new URL('./ticker.ts', import.meta.url), { type: 'module' });
    this.worker.onmessage = () => void (this.isDue() && this.look());
    void this.look();
  }

  stop(): void {
    this.worker?.terminate();
  }

  private isDue(): boolean {
    if (this.isEnded) return false;
    const quiet = visits.value !== null && trouble.value === null && !visits.value.some(isOpen);
    return !quiet || performance.now() - this.looked >= QUIET_MS;
  }

  /** Looks now. Whoever asks while a look is under way waits for a newer one. */
  async again(): Promise<void> {
    await this.looking;
    this.isEnded = false;
    await this.look();
  }

  private look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    try {
      await this.learnTheTime();
      const [from, to] = today();
      const listed = await this.api.visits(new Date(from - BEFORE_MIDNIGHT), new Date(to + AFTER_MIDNIGHT));
      const open = listed.filter((visit) => concerns(visit, [from, to]));
      await this.lookInto(open);
      visits.value = open;
      trouble.value = null;
    } catch (error) {
      if (error instanceof SignInEnded) {
        this.isEnded = true;
        this.onSignInEnded();
      } else trouble.value = error;
    } finally {
      this.looked = performance.now();
      now.value = serverNow();
    }
  }

  private async lookInto(listed: Listed[]): Promise<void> {
    const wanted = listed.filter((visit) => visit.visitId === selected.value || (isLive(visit) && visit.waiting > 0));
    const found = await Promise.all(wanted.map(async ({ visitId }) => [visitId, await this.api.participants(visitId)] as const));
    // Where nobody waits any more, nobody looks: what was seen there before is old.
    const live = new Set(wanted.map(({ visitId }) => visitId));
    const kept = Object.entries(rooms.value).filter(([visitId]) => live.has(visitId));
    rooms.value = { ...Object.fromEntries(kept), ...Object.fromEntries(found) };
    const people = found.filter(([visitId]) => listed.some((visit) => visit.visitId === visitId && isLive(visit)));
    const news = this.arrivals.look(people.flatMap(([, room]) => room));
    if (news.length > 0) this.onArrival(news);
  }

  /** The list says no time; the server's clock is asked for now and then, for what must not be told by a wrong one. */
  private async learnTheTime(): Promise<void> {
    if (performance.now() - this.askedTheTime < ASK_THE_TIME_MS) return;
    this.askedTheTime = performance.now();
    // Without an answer this computer's clock counts; what else fails is told by what is asked for next.
    await ask({ method: 'GET', path: '/api/health' }).catch(() => undefined);
  }
}
