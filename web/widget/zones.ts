/** The zones that people of the United States live in; more follow from the browser's own. */
const UNITED_STATES = [
  'America/New_York', 'America/Chicago', 'America/Denver', 'America/Phoenix', 'America/Los_Angeles',
  'America/Anchorage', 'Pacific/Honolulu', 'America/Puerto_Rico', 'Pacific/Guam', 'Pacific/Pago_Pago',
];

/** The browser's zone. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Whether there is a zone of that name. */
export function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** The name that people know a zone by, with its place: "Eastern Time (New York)". */
export function zoneName(zone: string, locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts();
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
  const place = zone.split('/').pop()?.replaceAll('_', ' ') ?? zone;
  // Left to right also within Arabic.
  return name.includes(place) ? name : `${name} (\u2066${place}\u2069)`;
}

/** The zones to choose from: where the browser is first, then the practice's. */
export const zones = (practice: string): string[] => [...new Set([ownZone(), practice, ...UNITED_STATES])];
