import type { Browser } from 'playwright-core';

/** Slow 4G as Lighthouse has it, request by request: each waits 150 ms for its first byte, and all share 1.6 Mbit/s. */
const LINE = { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 };
/** How many times slower than this machine the phone's processor is. */
export const SLOWER = 4;
/** A page that has not got there by then never will. */
const PATIENCE_MS = 30_000;

/** One cold visit of the join page. Times are milliseconds from when the link was pressed. */
export interface Round {
  bytes: number;
  requests: number;
  painted: number;
  interactive: number;
}

interface Told {
  interactive: number;
  painted: number;
}

/** Runs in the page: tells when Join stands there and the browser is at rest after it, so that a press is answered at once. */
const WATCH = `new MutationObserver((_, observer) => {
  if (!document.querySelector('[data-name="join"]')) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => {
    const interactive = performance.now();
    // The first paint is told of a little later than it was.
    setTimeout(() => told(JSON.stringify({ interactive, painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0 })), 200);
  }));
}).observe(document, { subtree: true, childList: true });`;

/** Opens a link on a slow phone with an empty cache. Nothing but one small observer of ours runs in the page beside it. */
export async function opens(browser: Browser, link: string): Promise<Round> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'America/New_York', viewport: { width: 390, height: 844 } });
  const session = await context.newCDPSession(await context.newPage());
  await session.send('Network.enable');
  await session.send('Page.enable');
  await session.send('Runtime.enable');
  await session.send('Network.emulateNetworkConditions', LINE);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await session.send('Runtime.addBinding', { name: 'told' });
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: WATCH });
  const done: { at: number; bytes: number }[] = [];
  let pressed = 0;
  session.on('Network.requestWillBeSent', ({ timestamp }) => (pressed ||= timestamp));
  session.on('Network.loadingFinished', ({ timestamp, encodedDataLength }) => done.push({ at: (timestamp - pressed) * 1000, bytes: encodedDataLength }));
  const told = new Promise<Told>((tell, failed) => {
    session.on('Runtime.bindingCalled', ({ name, payload }) => name === 'told' && tell(JSON.parse(payload) as Told));
    setTimeout(() => failed(new Error(`the page was not there after ${PATIENCE_MS} ms`)), PATIENCE_MS).unref();
  });
  await session.send('Page.navigate', { url: link });
  const { interactive, painted } = await told;
  const first = done.filter(({ at }) => at <= interactive);
  await context.close();
  return { bytes: first.reduce((sum, { bytes }) => sum + bytes, 0), requests: first.length, painted, interactive };
}
