/** What the network gives, as far as a page can tell without asking anybody else. */
export interface Network {
  /** Milliseconds there and back, the middle of five. */
  delay: number;
  /** Whether sound and picture have a way, or the line is too slow for a good call. */
  good: boolean;
}

/** A delay beyond which people begin to speak over one another (ITU-T G.114: 150 ms one way). */
const GOOD_MS = 300;

/** Measures by our own health answer; none where nothing answers. */
export async function measure(): Promise<Network | null> {
  const delays: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const from = performance.now();
    try {
      const response = await fetch('/api/health', { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(8000) });
      if (!response.ok) return null;
      await response.arrayBuffer();
    } catch {
      return null;
    }
    // The first one also opens the connection.
    if (round > 0) delays.push(performance.now() - from);
  }
  const delay = Math.round(delays.sort((a, b) => a - b)[2] ?? 0);
  return { delay, good: delay <= GOOD_MS };
}
