import { readdirSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { launch } from '../rig/browser';
import { Practice } from '../rig/practice';
import { opens, type Round, SLOWER } from './phone';

// How fast a patient's old phone on a slow line has the join page: the table of `./dev bench pages`.

const ROUNDS = 9;
const FIRST_VIEW_BYTES = 60 * 1024;
const INTERACTIVE_MS = 1000;
const CALL_BYTES = 260 * 1024;

const [practice, browser] = await Promise.all([Practice.open(), launch()]);
try {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await opens(browser, await (await practice.visit()).patientLink()));
  const sorted = (of: (round: Round) => number) => rounds.map(of).sort((a, b) => a - b);
  const middle = (of: (round: Round) => number) => sorted(of)[Math.floor(ROUNDS / 2)] ?? 0;
  const least = (of: (round: Round) => number) => sorted(of)[0] ?? 0;
  const call = largest(resolve(import.meta.dirname, '../../dist/laptop/assets'));
  const rows: [what: string, middle: number, least: number, limit: number, unit: string][] = [
    ['first view, all answers with their headers, gzipped', middle((round) => round.bytes), least((round) => round.bytes), FIRST_VIEW_BYTES, 'bytes'],
    ['first view, requests', middle((round) => round.requests), least((round) => round.requests), Infinity, ''],
    ['first paint', middle((round) => round.painted), least((round) => round.painted), Infinity, 'ms'],
    ['Join can be pressed', middle((round) => round.interactive), least((round) => round.interactive), INTERACTIVE_MS, 'ms'],
    ['the call, fetched while the camera is looked at, gzipped', call, call, CALL_BYTES, 'bytes'],
  ];
  console.log(`The join page from the press of the link, cold cache, ${ROUNDS} times.`);
  console.log('Line: slow 4G as Lighthouse has it, by Chromium: 150 ms until the first byte of each answer, 1.6 Mbit/s for all together.');
  console.log('Not in it: DNS, TCP and TLS, which a phone that has never been here pays once, about 3 × 150 ms. HTTP/1.1, as the laptop speaks it.');
  console.log(`Processor: ${SLOWER} times slower than this one, which others use too (load ${loadavg()[0]?.toFixed(1)}): the smallest is nearest to the page's own time.\n`);
  console.log(`${''.padEnd(58)}${'middle'.padStart(8)}${'smallest'.padStart(10)}`);
  for (const [what, value, smallest, limit, unit] of rows) {
    const verdict = limit === Infinity ? '' : value <= limit ? `at most ${limit}` : `MORE THAN ${limit}`;
    console.log(`${what.padEnd(58)}${Math.round(value).toString().padStart(8)}${Math.round(smallest).toString().padStart(10)} ${unit.padEnd(6)}${verdict}`);
  }
  process.exitCode = rows.some(([, value, , limit]) => value > limit) ? 1 : 0;
} finally {
  await browser.close();
  practice.close();
}

/** The call is the one large file. */
function largest(folder: string): number {
  const sizes = readdirSync(folder).filter((file) => file.endsWith('.js.gz')).map((file) => statSync(resolve(folder, file)).size);
  return Math.max(...sizes);
}
