import { readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { launch, Person } from '../rig/browser';
import { Practice } from '../rig/practice';

// How fast a patient's old phone on a slow line has the join page: the table of `./dev bench pages`.

/** Slow 4G as Lighthouse has it, and a processor four times as slow as this one. */
const LINE = { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 };
const SLOWER = 4;
const ROUNDS = 5;
const FIRST_VIEW_BYTES = 60 * 1024;
const INTERACTIVE_MS = 1000;
const CALL_BYTES = 260 * 1024;

interface Round {
  bytes: number;
  requests: number;
  painted: number;
  interactive: number;
}

const [practice, browser] = await Promise.all([Practice.open(), launch()]);
try {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(await (await practice.visit()).patientLink()));
  const middle = (of: (round: Round) => number) => rounds.map(of).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  const call = largest(resolve(import.meta.dirname, '../../dist/laptop/assets'));
  const rows: [string, number, number, string][] = [
    ['first view, all files, gzipped', middle((round) => round.bytes), FIRST_VIEW_BYTES, 'bytes'],
    ['first view, requests', middle((round) => round.requests), Infinity, ''],
    ['first paint', middle((round) => round.painted), Infinity, 'ms'],
    ['Join can be pressed', middle((round) => round.interactive), INTERACTIVE_MS, 'ms'],
    ['the call, fetched while the camera is looked at, gzipped', call, CALL_BYTES, 'bytes'],
  ];
  console.log(`The join page: slow 4G (150 ms, 1.6 Mbit/s), processor ${SLOWER} times slower, cold cache, middle of ${ROUNDS}\n`);
  for (const [what, value, limit, unit] of rows) {
    const verdict = limit === Infinity ? '' : value <= limit ? `at most ${limit}` : `MORE THAN ${limit}`;
    console.log(`${what.padEnd(58)}${Math.round(value).toString().padStart(8)} ${unit.padEnd(6)}${verdict}`);
  }
  process.exitCode = rows.some(([, value, limit]) => value > limit) ? 1 : 0;
} finally {
  await browser.close();
  practice.close();
}

async function measure(link: string): Promise<Round> {
  const person = await Person.of(browser);
  const { page } = person;
  const session = await person.context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', LINE);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  let [bytes, requests] = [0, 0];
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-name="join"]')) return;
      observer.disconnect();
      // When the browser is at rest after it, a press is answered at once.
      requestAnimationFrame(() => setTimeout(() => Object.assign(globalThis, { interactive: performance.now() })));
    }).observe(document, { subtree: true, childList: true });
  });
  await page.goto(link, { waitUntil: 'commit' });
  await page.waitForFunction(() => 'interactive' in globalThis, undefined, { polling: 20 });
  const [until, count] = [bytes, requests];
  const { interactive, painted } = await page.evaluate(() => ({
    interactive: (globalThis as unknown as { interactive: number }).interactive,
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  }));
  await person.context.close();
  return { bytes: until, requests: count, painted, interactive };
}

/** The call is the one large file. */
function largest(folder: string): number {
  const sizes = readdirSync(folder).filter((file) => file.endsWith('.js.gz')).map((file) => statSync(resolve(folder, file)).size);
  return Math.max(...sizes);
}
