import { readdirSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { launch } from '../rig/browser';
import { Practice } from '../rig/practice';
import { connects } from './call';
import { opens, type Round, SLOWER } from './phone';

// How fast a patient's old phone on a slow line has the join page, and how soon a call is on: the tables of `./dev bench pages`.

const ROUNDS = 9;
const FIRST_VIEW_BYTES = 60 * 1024;
const INTERACTIVE_MS = 1000;
const CALL_BYTES = 260 * 1024;
const CONNECTED_MS = 1000;

const [practice, browser] = await Promise.all([Practice.open('--media-port', '0'), launch()]);
try {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await opens(browser, await (await practice.visit()).patientLink()));
  const calls: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) calls.push(await connects(browser, practice));
  const call = largest(resolve(import.meta.dirname, '../../dist/laptop/assets'));
  const page: Row[] = [
    ['first view, all answers with their headers, gzipped', rounds.map(({ bytes }) => bytes), FIRST_VIEW_BYTES, 'bytes'],
    ['first view, requests', rounds.map(({ requests }) => requests), Infinity, ''],
    ['first paint', rounds.map(({ painted }) => painted), Infinity, 'ms'],
    ['Join can be pressed', rounds.map(({ interactive }) => interactive), INTERACTIVE_MS, 'ms'],
    ['the call, fetched while the camera is looked at, gzipped', [call], CALL_BYTES, 'bytes'],
  ];
  const talk: Row[] = [['from the start of the Chime client until it is connected', calls, CONNECTED_MS, 'ms']];
  console.log(`The join page from the press of the link, cold cache, ${ROUNDS} times.`);
  console.log('Line: slow 4G as Lighthouse has it, by Chromium: 150 ms until the first byte of each answer, 1.6 Mbit/s for all together.');
  console.log('Not in it: DNS, TCP and TLS, which a phone that has never been here pays once, about 3 × 150 ms. HTTP/1.1, as the laptop speaks it.');
  console.log(`Processor: ${SLOWER} times slower than this one, which others use too (load ${loadavg()[0]?.toFixed(1)}): the smallest is nearest to the page's own time.\n`);
  const pageHolds = table(page);
  console.log(`\nA call on the laptop's media server, ${ROUNDS} times: neither line nor processor is slowed down.\n`);
  const callHolds = table(talk);
  process.exitCode = pageHolds && callHolds ? 0 : 1;
} finally {
  await browser.close();
  practice.close();
}

/** What, as often as it was measured, and what its middle may be at most. */
type Row = [what: string, values: number[], limit: number, unit: string];

/** Prints rows; whether all are within their limits. */
function table(rows: Row[]): boolean {
  console.log(`${''.padEnd(58)}${'middle'.padStart(8)}${'smallest'.padStart(10)}`);
  return rows.map(([what, values, limit, unit]) => {
    const sorted = [...values].sort((a, b) => a - b);
    const [middle = 0, smallest = 0] = [sorted[Math.floor(sorted.length / 2)], sorted[0]];
    const holds = middle <= limit;
    const verdict = limit === Infinity ? '' : holds ? `at most ${limit}` : `MORE THAN ${limit}`;
    console.log(`${what.padEnd(58)}${Math.round(middle).toString().padStart(8)}${Math.round(smallest).toString().padStart(10)} ${unit.padEnd(6)}${verdict}`);
    return holds;
  }).every(Boolean);
}

/** The call is the one large file. */
function largest(folder: string): number {
  const sizes = readdirSync(folder).filter((file) => file.endsWith('.js.gz')).map((file) => statSync(resolve(folder, file)).size);
  return Math.max(...sizes);
}
