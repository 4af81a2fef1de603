import { serverNow } from '../device/clock';
import type { Language } from './language';
import { language } from './texts';

/** Regions decide about the clock and the order of day and month; the patients are in the United States. */
const TAGS = { en: 'en-US', es: 'es-US', ar: 'ar-u-nu-latn' } as const;

const MOMENT: Intl.DateTimeFormatOptions = {
  weekday: 'long',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'longGeneric',
};

function format(at: string, timeZone: string, options: Intl.DateTimeFormatOptions, spoken = language.value): string {
  const moment = new Date(at);
  try {
    return new Intl.DateTimeFormat(TAGS[spoken], { ...options, timeZone }).format(moment);
  } catch {
    // Browsers before 2022 know no generic names of zones.
    return new Intl.DateTimeFormat(TAGS[spoken], { ...options, timeZone, timeZoneName: 'long' }).format(moment);
  }
}

/**
 * Lets the browser read the names of the zones while there is nothing else to do: the first time takes an old phone as long
 * as all else that a page does.
 */
export function readyTimes(spoken: Language): void {
  format(new Date().toISOString(), ownZone(), MOMENT, spoken);
}

/** "Tuesday, December 1". */
export function day(at: string, timeZone: string): string {
  return format(at, timeZone, { weekday: 'long', month: 'long', day: 'numeric' });
}

/** "3:00 PM Eastern Time": a time never stands without its zone. */
export function time(at: string, timeZone: string): string {
  return format(at, timeZone, { hour: 'numeric', minute: '2-digit', timeZoneName: 'longGeneric' });
}

/** "Tuesday, December 1 at 3:00 PM Eastern Time". */
export function moment(at: string, timeZone: string): string {
  return format(at, timeZone, MOMENT);
}

/** The zone that this device's clock shows. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Whether this device's clock shows another time than the visit's zone at that moment. */
export function zoneDiffers(at: string, timeZone: string): boolean {
  if (timeZone === ownZone()) return false;
  const wall = (zone: string) =>
    new Intl.DateTimeFormat('en-US', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(at));
  return wall(timeZone) !== wall(ownZone());
}

/** Whole units that are left until a moment, the largest that fits, for "opens in 2 hours". */
export function until(at: string): { unit: 'day' | 'hour' | 'minute' | 'second'; count: number } {
  const seconds = Math.max(0, Math.ceil((Date.parse(at) - serverNow()) / 1000));
  if (seconds >= 2 * 86_400) return { unit: 'day', count: Math.floor(seconds / 86_400) };
  if (seconds >= 2 * 3600) return { unit: 'hour', count: Math.floor(seconds / 3600) };
  if (seconds >= 60) return { unit: 'minute', count: Math.ceil(seconds / 60) };
  return { unit: 'second', count: seconds };
}

/** "in 2 hours", in the language in use. */
export function inWords({ unit, count }: ReturnType<typeof until>): string {
  return new Intl.RelativeTimeFormat(TAGS[language.value], { numeric: 'always' }).format(count, unit);
}
