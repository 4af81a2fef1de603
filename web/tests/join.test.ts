import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, Person, type Wanted } from './rig/browser';
import { Practice } from './rig/practice';

let practice: Practice;
let browser: Browser;

before(async () => {
  [practice, browser] = await Promise.all([Practice.open(), launch()]);
});
after(async () => {
  await browser.close();
  practice.close();
});
beforeEach(() => practice.forget());

async function opens(link: string, wanted?: Wanted): Promise<Person> {
  const person = await Person.of(browser, wanted);
  await person.page.goto(link);
  return person;
}

/** Accessible and reachable, with the state's own words. */
async function fine(person: Person, state: string): Promise<void> {
  await person.at(state);
  await person.accessible(state);
  await person.reachable(state);
}

test('opening a link, twice and from elsewhere, spends nothing', async () => {
  const visit = await practice.visit();
  const link = await visit.patientLink();
  for (let round = 0; round < 3; round += 1) {
    const robot = await opens(link);
    await robot.at('preview');
    await robot.done();
  }
  assert.deepEqual(await visit.participants(), []);
  const person = await opens(link);
  await fine(person, 'preview');
  await person.done();
});

test('the secret leaves the address at once, and a reload still knows it', async () => {
  const visit = await practice.visit();
  const person = await opens(await visit.patientLink());
  await person.at('preview');
  assert.match(person.page.url(), /\/j\/[A-Z2-9]{8}$/);
  await person.page.reload();
  await person.at('preview');
  await person.done();
});

test('the keyboard is at the heading of what comes next from the moment it stands', async () => {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  await person.context.addInitScript(() => {
    const missed: string[] = [];
    const seen = new Set<Element>();
    Object.assign(globalThis, { missed });
    // What observes the document is called at the end of the task that changed it, before any key is.
    new MutationObserver(() => {
      for (const heading of document.querySelectorAll('h1[data-state]')) {
        const state = heading.getAttribute('data-state') ?? '';
        if (!seen.has(heading) && document.activeElement !== heading) missed.push(state);
        seen.add(heading);
      }
    }).observe(document, { subtree: true, childList: true });
  });
  await person.page.goto(await visit.patientLink());
  await person.at('preview');
  await person.press('join');
  await person.at('waiting');
  assert.deepEqual(await person.page.evaluate(() => (globalThis as unknown as { missed: string[] }).missed), []);
  await person.done();
});

test('a page whose code came only in part is whole after a reload', async () => {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  const code = '**/assets/join-*.js';
  await person.page.route(code, (route) => route.abort());
  person.expected.push('ERR_FAILED');
  await person.page.goto(await visit.patientLink());
  await person.page.waitForURL(/\/j\/[A-Z2-9]{8}$/);
  await person.page.unroute(code);
  await person.page.reload();
  await person.at('preview');
  await person.done();
});

test('a link whose # became %23 opens the same', async () => {
  const visit = await practice.visit();
  const person = await opens((await visit.patientLink()).replace('#', '%23'));
  await person.at('preview');
  assert.match(person.page.url(), /\/j\/[A-Z2-9]{8}$/);
  await person.done();
});

test('the page says who, when with the zone, and that nobody needs to travel', async () => {
  const visit = await practice.visit();
  const person = await opens(await visit.patientLink(), { timezoneId: 'America/Los_Angeles' });
  await person.at('preview');
  const text = await person.text();
  assert.match(text, /With Jane/);
  assert.match(text, /Eastern Time/);
  assert.match(text, /On this device's clock: .*Pacific Time/);
  assert.match(text, /do not travel/);
  assert.match(text, /Call \(212\) 555-0100/);
  await person.done();
});

test('a wrong secret, a broken code and a link without its secret each say what to do', async () => {
  const visit = await practice.visit();
  const link = await visit.patientLink();
  const wrong = await opens(link.replace(/#.*/, '#AAAAAAAAAAAAAAAA'));
  await fine(wrong, 'invalid');
  await wrong.done();
  const broken = await opens(`${practice.url}/j/%E0%A4%A#x`);
  await broken.at('invalid');
  await broken.done();
  const bare = await opens(link.replace(/#.*/, ''));
  await fine(bare, 'incomplete');
  await bare.done();
});

test('too early: a countdown, and the page goes on by itself when the visit opens', async () => {
  const visit = await practice.visit({ startsIn: 3_600_000 });
  const link = await visit.patientLink();
  const opensAt = Date.parse(visit.made['opensAt']);
  try {
    await practice.local('clock', { set: new Date(opensAt - 15_000).toISOString() });
    const person = await opens(link);
    await person.at('early');
    await person.says(/in \d+ seconds?/);
    await fine(person, 'early');
    await person.at('preview', 30_000);
    await person.done();
  } finally {
    await practice.local('clock', { reset: true });
  }
});

test('the calendar entry holds time and telephone, and no link', async () => {
  const visit = await practice.visit({ startsIn: 3_600_000 });
  const person = await opens(await visit.patientLink());
  await person.at('early');
  const [download] = await Promise.all([person.page.waitForEvent('download'), person.press('calendar')]);
  const stream = await download.createReadStream();
  let entry = '';
  for await (const piece of stream) entry += piece;
  assert.match(entry, new RegExp(`DTSTART:${visit.made['scheduledAt'].replace(/[-:]/g, '')}`));
  assert.match(entry.replace(/\r\n /g, ''), /\(212\) 555-0100/);
  assert.doesNotMatch(entry, /\/j\//);
  assert.ok(entry.split('\r\n').every((line) => Buffer.byteLength(line) <= 75));
  await person.done();
});

test('an expired link sends a new one by one press, which then opens', async () => {
  const visit = await practice.visit();
  const { patient } = await visit.links(['patient'], { ttlMinutes: 15 });
  try {
    await practice.local('clock', { advance: 'PT16M' });
    const person = await opens(patient.link);
    await fine(person, 'dead');
    await person.press('renew');
    await person.says('A new link is on its way.');
    await person.accessible('renewed');
    const fresh = (await visit.messages())[0]?.['links'][0];
    assert.ok(fresh && fresh !== patient.link);
    await person.page.goto(fresh);
    await person.at('preview');
    await person.done();
  } finally {
    await practice.local('clock', { reset: true });
  }
});

test('a link that was replaced is dead, and offers a new one', async () => {
  const visit = await practice.visit();
  const old = await visit.patientLink();
  await visit.links();
  const person = await opens(old);
  await fine(person, 'dead');
  await person.done();
});

test('a cancelled visit and one that has ended say so, with the telephone', async () => {
  for (const [state, act] of [['cancelled', 'cancel'], ['ended', 'end']] as const) {
    const visit = await practice.visit();
    const link = await visit.patientLink();
    if (act === 'end') await visit.clinicianStarts();
    await visit[act]();
    const person = await opens(link);
    await fine(person, state);
    await person.says(/Call \(212\) 555-0100/);
    await person.done();
  }
});

test('inside an app, the page asks for a real browser before anything else, and spends nothing', async () => {
  const visit = await practice.visit();
  const link = await visit.patientLink();
  const instagram = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 350.0';
  const phone = await opens(link, { userAgent: instagram });
  await fine(phone, 'in-app');
  await phone.says(/inside Instagram/);
  const way = await phone.page.locator('[data-name="outside"]').getAttribute('href');
  assert.equal(way, `x-safari-${link.replace('#', '%23')}`);
  await phone.press('insist');
  await phone.at('preview');
  await phone.done();
  const webview = 'Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 Mobile Safari/537.36';
  const android = await opens(link, { userAgent: webview });
  await android.at('in-app');
  assert.match((await android.page.locator('[data-name="outside"]').getAttribute('href')) ?? '', /^intent:\/\/.*%23.*scheme=http;end$/);
  await android.done();
  assert.deepEqual(await visit.participants(), []);
});

test('a browser without calls says which one to use', async () => {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  await person.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'));
  await person.page.goto(await visit.patientLink());
  await fine(person, 'unsupported');
  await person.done();
});

test('without a network the page says so, and goes on when it is back', async () => {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  await person.page.route('**/api/**', (route) => route.abort());
  person.expected.push('ERR_FAILED');
  await person.page.goto(await visit.patientLink());
  await fine(person, 'unreachable');
  await person.page.unroute('**/api/**');
  await person.press('again');
  await person.at('preview');
  await person.done();
});

test('a phone whose clock is wrong by days comes in all the same', async () => {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  await person.context.addInitScript(() => {
    const [real, days] = [Date.now, 3 * 86_400_000];
    Date.now = () => real() - days;
  });
  await person.page.goto(await visit.patientLink());
  await person.at('preview');
  await person.press('join');
  await person.at('waiting');
  await person.done();
});
