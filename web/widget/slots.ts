/** What a practice offers: its hours on its own clocks. Minutes are of the day. */
export interface Offer {
  readonly zone: string;
  readonly from: number;
  readonly to: number;
  readonly every: number;
  readonly duration: number;
  /** Days of the week with visits, 1 for Monday to 7 for Sunday. */
  readonly days: ReadonlySet<number>;
  /** How many days ahead, today included. */
  readonly ahead: number;
}

/** A day as the patient reads it, with the moments that are offered. */
export interface Day {
  readonly date: string;
  readonly label: string;
  readonly times: readonly { readonly at: string; readonly label: string }[];
}

/** Nobody can be sent a code, answer it and come in within less. */
const NOTICE_MINUTES = 15;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The API takes multiples of five minutes. */
const GRID = 5;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  let known = clocks.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
      year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
    });
    clocks.set(zone, known);
  }
  return known;
}

/** What the clocks of a zone show at a moment, as if it were UTC. */
function wall(at: number, zone: string): number {
  const parts = Object.fromEntries(clock(zone).formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute);
}

/** The moment when the clocks of a zone show this; none where they leap over it. */
function momentOf(shown: number, zone: string): number | undefined {
  let at = shown;
  // Twice, since the first guess may lie on the other side of a change of the clocks.
  for (let step = 0; step < 2; step += 1) at += shown - wall(at, zone);
  return wall(at, zone) === shown ? at : undefined;
}

/** `YYYY-MM-DD` on the clocks of a zone. */
export const dateIn = (at: number, zone: string): string => new Date(wall(at, zone)).toISOString().slice(0, 10);

/** Every moment that is offered from now on, in order. */
export function offered(offer: Offer, now: number): number[] {
  const midnight = Date.parse(`${dateIn(now, offer.zone)}T00:00:00Z`);
  const moments: number[] = [];
  for (let day = 0; day < offer.ahead; day += 1) {
    const start = midnight + day * DAY;
    if (!offer.days.has(new Date(start).getUTCDay() || 7)) continue;
    for (let minute = offer.from; minute + offer.duration <= offer.to; minute += offer.every) {
      const at = momentOf(start + minute * MINUTE, offer.zone);
      if (at !== undefined && at >= now + NOTICE_MINUTES * MINUTE && at % (GRID * MINUTE) === 0) moments.push(at);
    }
  }
  return moments;
}

/** Moments by the patient's days and clocks; each time carries its zone's name. */
export function days(moments: readonly number[], zone: string, locale: string): Day[] {
  const dayName = new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: 'long', month: 'long', day: 'numeric' });
  const time = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: 'numeric', minute: '2-digit', timeZoneName: 'short' });
  const found = new Map<string, { date: string; label: string; times: { at: string; label: string }[] }>();
  for (const at of moments) {
    const date = dateIn(at, zone);
    const day = found.get(date) ?? { date, label: dayName.format(at), times: [] };
    day.times.push({ at: new Date(at).toISOString().replace('.000', ''), label: time.format(at) });
    found.set(date, day);
  }
  return [...found.values()];
}

/** A moment in full, with the zone's name. */
export function inFull(at: string, zone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone, weekday: 'long', year: 'numeric', month: 'long', day: 'numeric',
    hour: 'numeric', minute: '2-digit', timeZoneName: 'long',
  }).format(new Date(at));
}
