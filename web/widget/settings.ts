import type { Offer } from './slots';
import { isZone, ownZone } from './zones';

/** Who can be asked for: `<option value="c-3">Dr. Jane Rivera</option>` within the element. */
export interface Clinician {
  readonly id: string;
  readonly name: string;
}

/** What the page that embeds the form says. */
export interface Settings {
  readonly api: string;
  readonly key: string;
  readonly practice: string;
  readonly phone: string;
  readonly privacy: string;
  readonly dialCode: string;
  readonly clinicians: readonly Clinician[];
  readonly offer: Offer;
  readonly locale: string;
}

const HOURS = { from: 8 * 60, to: 18 * 60 };
const WORKDAYS = '1 2 3 4 5';

/** `HH:MM` as minutes of the day. */
function minutes(text: string | null, otherwise: number): number {
  const parts = /^([01]?\d|2[0-4]):([0-5]\d)$/u.exec(text ?? '');
  return parts ? Number(parts[1]) * 60 + Number(parts[2]) : otherwise;
}

function number(text: string | null, least: number, most: number, otherwise: number): number {
  const value = Number(text ?? '');
  return text && Number.isInteger(value) && value >= least && value <= most ? value : otherwise;
}

/** An address that may stand in a link. */
function webAddress(text: string | null): string {
  try {
    const url = new URL(text ?? '', location.href);
    return text && /^https?:$/u.test(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
}

function offer(element: Element): Offer {
  const zone = element.getAttribute('timezone') ?? '';
  const weekdays = (element.getAttribute('days') ?? WORKDAYS).split(/[\s,]+/u).map(Number);
  return {
    zone: isZone(zone) ? zone : ownZone(),
    from: minutes(element.getAttribute('from'), HOURS.from),
    to: minutes(element.getAttribute('to'), HOURS.to),
    // The API books in steps of five minutes, visits of 15 to 120.
    every: number(element.getAttribute('every'), 5, 240, 30),
    duration: number(element.getAttribute('duration'), 15, 120, 30),
    days: new Set(weekdays.filter((day) => day >= 1 && day <= 7)),
    ahead: number(element.getAttribute('ahead'), 1, 90, 14),
  };
}

/** The languages that the form speaks. */
const LANGUAGES = ['en', 'es', 'ar'];

/** The element's own language, or its page's, or the browser's: the first that the form speaks. */
function locale(element: Element): string {
  const page = element.closest('[lang]')?.getAttribute('lang');
  const wanted = page ? [page] : navigator.languages;
  return wanted.find((name) => LANGUAGES.includes(name.slice(0, 2).toLowerCase()) && isLocale(name)) ?? 'en-US';
}

function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length === 1;
  } catch {
    return false;
  }
}

/** Reads the element. `origin` is where this script came from: the API is there too, unless the page says otherwise. */
export function settingsOf(element: Element, origin: string): Settings {
  const attribute = (name: string) => element.getAttribute(name)?.trim() ?? '';
  const options = [...element.querySelectorAll('option')];
  return {
    api: webAddress(element.getAttribute('api')).replace(/\/$/u, '') || origin,
    // React keeps `key` for itself.
    key: attribute('key') || attribute('publishable-key'),
    practice: attribute('practice'),
    phone: attribute('phone'),
    privacy: webAddress(element.getAttribute('privacy')),
    dialCode: /^[1-9]\d{0,2}$/u.test(attribute('dial-code')) ? attribute('dial-code') : '1',
    clinicians: options.map((option) => ({ id: option.value, name: option.textContent.trim() })),
    offer: offer(element),
    locale: locale(element),
  };
}
