import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { snapshot } from 'lighthouse';
import type { Browser } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { launch, type Person } from '../rig/browser';
import { Practice } from '../rig/practice';
import { CALLS, DEMO, OTHERS, PATIENTS, type Scene } from '../rig/scenes';

// Lighthouse's accessibility, 100 of 100, of each page in the states that most people see. axe looks at all of them, in
// `every-state.test.ts`.

const SCENES: Record<string, Scene> = { ...PATIENTS, ...CALLS, ...OTHERS, demo: DEMO };
const SEEN = [
  'preview', 'preview-devices', 'code-asked', 'waiting', 'call', 'early', 'dead', 'used', 'in-app', 'over-ended', 'code-preview', 'confirm-ready',
  'check-devices', 'portal-signed-out', 'portal', 'portal-visit', 'lander', 'desk-list', 'desk-visit', 'demo',
];
const FLAGS = { screenEmulation: { disabled: true }, formFactor: 'mobile', throttlingMethod: 'provided' } as const;
let practice: Practice;
let browser: Browser;
/** Lighthouse looks on through a door of its own. */
let door: string;

before(async () => {
  const port = await freePort();
  door = `http://127.0.0.1:${port}`;
  [practice, browser] = await Promise.all([Practice.open(), launch(`--remote-debugging-port=${port}`)]);
});
after(async () => {
  await browser?.close();
  practice?.close();
});
beforeEach(() => practice.forget());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** What Lighthouse makes of the page as it stands: its score, and what keeps it from being full. */
async function judged(person: Person): Promise<{ score: number | null | undefined; faults: string[] }> {
  const eyes = await puppeteer.connect({ browserURL: door, defaultViewport: null });
  try {
    const pages = await eyes.pages();
    const page = pages.find((page) => page.url() === person.page.url());
    assert.ok(page, `no page at ${person.page.url()}`);
    const result = await snapshot(page, { flags: { ...FLAGS, onlyCategories: ['accessibility'] } });
    const category = result?.lhr.categories['accessibility'];
    const audits = category?.auditRefs.map(({ id }) => result?.lhr.audits[id]) ?? [];
    assert.ok(audits.some((audit) => audit?.score === 1), 'nothing was looked at');
    const faults = audits.filter((audit) => audit?.scoreDisplayMode === 'binary' && audit.score !== 1);
    return { score: category?.score, faults: faults.map((audit) => `${audit?.id}: ${JSON.stringify(audit?.details)}`) };
  } finally {
    await eyes.disconnect();
  }
}

for (const name of SEEN) {
  test(`${name} has 100 of 100`, async () => {
    const scene = SCENES[name];
    assert.ok(scene, `there is no scene ${name}`);
    const person = await scene({ practice, browser, wanted: {} });
    assert.deepEqual(await judged(person), { score: 1, faults: [] });
    await person.context.close();
  });
}

test('what is wrong with a page is seen', async () => {
  const person = await SCENES['check']!({ practice, browser, wanted: {} });
  await person.page.evaluate(() => document.documentElement.removeAttribute('lang'));
  const { score, faults } = await judged(person);
  assert.ok(Number(score) < 1);
  assert.match(faults.join(), /html-has-lang/);
  await person.context.close();
});
