// Phones' clocks are wrong, so what the server says the time is counts.

let offset = 0;

/** Takes over the server's time from an answer. */
export function learnServerTime(serverTime: string): void {
  const there = Date.parse(serverTime);
  if (!Number.isNaN(there)) offset = there - Date.now();
}

/** Milliseconds since 1970 by the server's clock, as far as it is known. */
export function serverNow(): number {
  return Date.now() + offset;
}
