import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { becomes, launch, Person, type Wanted } from './rig/browser';
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

/** Somebody who has pressed Join and waits. */
async function waits(link: string, wanted?: Wanted): Promise<Person> {
  const person = await opens(link, wanted);
  await person.at('preview');
  await person.press('join');
  await person.at('waiting');
  return person;
}

/** The media server may not answer here: the call then says that it connects, or connects again. */
async function inCall(person: Person): Promise<void> {
  person.expected.push('WebSocket', 'ws://', 'The AudioContext');
  await person.page.locator('[data-call]').waitFor();
}

test('one press, the waiting room, admitted with a sound and a word, the call', async () => {
  const visit = await practice.visit();
  const person = await waits(await visit.patientLink());
  await person.accessible('waiting');
  await person.reachable('waiting');
  await person.says(/Jane knows that you are here/);
  await person.says(/You are next/);
  await visit.clinicianStarts();
  await visit.desk('admit');
  await inCall(person);
  await person.hears('You are being let in.');
  await person.accessible('call');
  await person.reachable('call');
  const trail = await visit.audit();
  for (const type of ['TOKEN_REDEEMED', 'PARTICIPANT_WAITING', 'CONSENT_RECORDED', 'PARTICIPANT_ADMITTED', 'PARTICIPANT_JOINED']) {
    assert.ok(trail.includes(type), type);
  }
  await person.done();
});

test('whoever closed the tab comes back to where they were, with the bare address too', async () => {
  const visit = await practice.visit();
  const link = await visit.patientLink();
  const person = await waits(link);
  await person.page.close();
  await person.opensAnew(link.replace(/#.*/, ''));
  await person.at('waiting');
  await visit.clinicianStarts();
  await visit.desk('admit');
  await inCall(person);
  await person.page.reload();
  await inCall(person);
  assert.equal((await visit.participants()).filter(({ role }) => role === 'patient').length, 1);
  await person.done();
});

test('the key cannot be taken out, and a copied session opens nothing', async () => {
  const visit = await practice.visit();
  const person = await waits(await visit.patientLink());
  const kept = await person.page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((done) => {
      const request = indexedDB.open('bedside');
      request.onsuccess = () => done(request.result);
    });
    const all = await new Promise<{ key: { pair: CryptoKeyPair }; session: { token: string } }[]>((done) => {
      const request = database.transaction('kept').objectStore('kept').getAll();
      request.onsuccess = () => done(request.result);
    });
    const [first] = all;
    const taken = await crypto.subtle.exportKey('jwk', first!.key.pair.privateKey).then(() => 'taken', (error: Error) => error.name);
    return { taken, extractable: first!.key.pair.privateKey.extractable, token: first!.session.token };
  });
  assert.deepEqual([kept.taken, kept.extractable], ['InvalidAccessError', false]);
  const { status } = await practice.ask('GET', '/api/session', kept.token);
  assert.equal(status, 401);
  const stored = await person.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie);
  assert.ok(!stored.includes(kept.token));
  await person.done();
});

test('where nothing can be stored, the page says not to close it, and the visit goes on', async () => {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  await person.context.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { get: () => ({ open: () => { throw new DOMException('no', 'SecurityError'); } }) }));
  await person.page.goto(await visit.patientLink());
  await person.at('preview');
  await person.press('join');
  await person.at('waiting');
  await person.says(/Do not close this page/);
  await person.accessible('waiting, not kept');
  await visit.clinicianStarts();
  await visit.desk('admit');
  await inCall(person);
  await person.done();
});

test('a second device is told, and moves the visit there by a code; the first one hears of it', async () => {
  const visit = await practice.visit();
  const link = await visit.patientLink();
  const phone = await waits(link);
  const tablet = await opens(link, { viewport: { width: 820, height: 1180 } });
  await tablet.at('used');
  await tablet.accessible('used');
  await tablet.press('move');
  await tablet.at('proving-sms-otp');
  await tablet.page.getByLabel('The six digits').fill('12');
  await tablet.press('answer');
  await tablet.says('Please type 6 digits.');
  const code = await visit.code();
  await tablet.page.getByLabel('The six digits').fill(code === '111111' ? '222222' : '111111');
  await tablet.press('answer');
  await tablet.says('That is not right. 4 tries are left.');
  await tablet.accessible('wrong code');
  await tablet.page.getByLabel('The six digits').fill(code);
  await tablet.press('answer');
  await tablet.at('waiting');
  await phone.at('over-elsewhere');
  await phone.accessible('elsewhere');
  assert.ok((await visit.audit()).includes('SESSION_REBOUND'));
  await tablet.done();
  await phone.done();
});

test('a strict visit asks for the code from the text before it lets in', async () => {
  const visit = await practice.visit({ access: { preset: 'strict' } });
  const person = await opens(await visit.patientLink());
  await person.at('preview');
  await person.press('join');
  await person.at('proving-sms-otp');
  await person.accessible('asked for a code');
  await person.press('send');
  await person.says(/Sent to/);
  await person.says(/\*\*\*-\*\*\*-\d{4}/);
  await person.page.getByLabel('The six digits').fill(await visit.code());
  await person.page.keyboard.press('Enter');
  await person.at('waiting');
  await person.done();
});

test('the last four digits of the phone are asked for without sending anything', async () => {
  const visit = await practice.visit({ access: { factors: ['phone-last4'] } });
  const person = await opens(await visit.patientLink());
  await person.at('preview');
  await person.press('join');
  await person.at('proving-phone-last4');
  await person.page.getByLabel('The last four digits').fill(visit.phone.slice(-4));
  await person.press('answer');
  await person.at('waiting');
  await person.done();
});

test('an e-mail is confirmed by a press in any browser, and the page that asked goes on by itself', async () => {
  const visit = await practice.visit({ access: { factors: ['email-link'] } });
  const person = await opens(await visit.patientLink());
  await person.at('preview');
  await person.press('join');
  await person.at('proving-email-link');
  await person.press('send');
  await person.says(/Press Confirm|press Confirm/);
  const [mail] = await visit.messages(`${visit.patientId}@example.com`);
  const link = mail?.['links'].find((found: string) => found.includes('/m/'));
  const scanner = await opens(link);
  await scanner.at('confirm-ready');
  await scanner.accessible('confirm');
  assert.doesNotMatch(scanner.page.url(), /#/);
  await person.page.waitForTimeout(6000);
  await person.at('proving-email-link');
  await scanner.press('confirm');
  await scanner.at('confirm-done');
  await person.at('waiting', 20_000);
  await scanner.done();
  await person.done();
});

test('a clinician link alone opens nothing: the code goes to the clinician, who then waits for nobody', async () => {
  const visit = await practice.visit();
  const { clinician } = await visit.links(['clinician']);
  const person = await opens(clinician.link);
  await person.at('preview');
  await person.press('join');
  await person.at('proving-sms-otp');
  await person.press('send');
  await person.says(/Sent to/);
  const [text] = await visit.messages('+12125550143');
  await person.page.getByLabel('The six digits').fill(/\b\d{6}\b/.exec(text?.['text'])?.[0] ?? '');
  await person.press('answer');
  await inCall(person);
  await person.done();
});

test('rejected, removed, cancelled and ended each say so, interrupting, with the telephone', async () => {
  const acts = [
    ['over-rejected', false, (visit: Awaited<ReturnType<Practice['visit']>>) => visit.desk('reject')],
    ['over-removed', true, (visit: Awaited<ReturnType<Practice['visit']>>) => visit.desk('remove')],
    ['over-cancelled', false, (visit: Awaited<ReturnType<Practice['visit']>>) => visit.cancel()],
    ['over-ended', true, (visit: Awaited<ReturnType<Practice['visit']>>) => visit.end()],
  ] as const;
  for (const [state, admitted, act] of acts) {
    const visit = await practice.visit();
    const person = await waits(await visit.patientLink());
    await visit.clinicianStarts();
    if (admitted) {
      await visit.desk('admit');
      await inCall(person);
    }
    await act(visit);
    await person.at(state, 25_000);
    await person.accessible(state);
    await person.reachable(state);
    await person.says(/Call \(212\) 555-0100/);
    await person.done();
  }
});

test('who leaves can come back, until the visit ends', async () => {
  const visit = await practice.visit();
  const person = await waits(await visit.patientLink());
  await visit.clinicianStarts();
  await visit.desk('admit');
  await inCall(person);
  await person.press('leave');
  await person.at('left');
  await person.accessible('left');
  await person.press('back');
  await inCall(person);
  await person.done();
});

test('a start whose answer is lost, and a busy service, cost the patient nothing', async () => {
  const visit = await practice.visit();
  const person = await opens(await visit.patientLink());
  await person.at('preview');
  let lost = 0;
  await person.page.route('**/start', async (route) => {
    lost += 1;
    if (lost > 2) return route.fallback();
    await route.fetch();
    await route.abort();
  });
  person.expected.push('ERR_FAILED');
  await person.press('join');
  await person.at('waiting');
  assert.equal(lost, 3);
  assert.equal((await visit.participants()).length, 1);
  await person.done();
});

test('while the practice cannot set up the call, the page says so and the link is not lost', async () => {
  const visit = await practice.visit({ access: { preset: 'open' } });
  const person = await opens(await visit.patientLink());
  await person.at('preview');
  await practice.local('faults', { service: 'chime', operation: 'CreateMeeting', kind: 'error', times: 200 });
  await person.press('join');
  await person.says(/could not be set up yet/, 90_000);
  await person.accessible('media unavailable');
  await fetch(`${practice.url}/local/faults`, { method: 'DELETE' });
  await person.press('join');
  await inCall(person);
  await person.done();
});

test('a guest waits as well, and an interpreter is named by the link', async () => {
  const visit = await practice.visit();
  const { guests } = await visit.links(['patient'], { guests: [{ role: 'guest', displayName: 'Tom', email: 'tom@example.com' }] });
  const guest = await waits(guests[0].link);
  assert.equal((await visit.participants()).find(({ role }) => role === 'guest')?.['displayName'], 'Tom');
  await guest.done();
});

test('the waiting room says when it hears nothing, and goes on by itself', async () => {
  const visit = await practice.visit();
  const person = await waits(await visit.patientLink());
  await person.context.setOffline(true);
  person.expected.push('ERR_INTERNET_DISCONNECTED');
  await person.says('No connection at the moment.', 20_000);
  await person.context.setOffline(false);
  await person.says('Keep this page open.', 20_000);
  await person.done();
});

test('by keyboard alone: from the link into the waiting room', async () => {
  const visit = await practice.visit();
  const person = await opens(await visit.patientLink());
  await person.at('preview');
  const focused = () => person.page.evaluate(() => document.activeElement?.getAttribute('data-name') ?? document.activeElement?.tagName);
  await becomes(focused, 'H1', 'a state begins at its heading');
  for (let presses = 0; (await focused()) !== 'devices'; presses += 1) {
    assert.ok(presses < 12);
    await person.page.keyboard.press('Tab');
  }
  await person.page.keyboard.press('Enter');
  await person.page.locator('[data-devices="on on"]').waitFor();
  await person.accessible('preview with devices');
  await person.reachable('preview with devices');
  for (let presses = 0; (await focused()) !== 'join'; presses += 1) {
    assert.ok(presses < 14);
    await person.page.keyboard.press('Tab');
  }
  const ring = await person.page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
  assert.equal(ring, 'solid', 'the focus can be seen');
  await person.page.keyboard.press('Space');
  await person.at('waiting');
  await becomes(focused, 'H1');
  await person.done();
});

test('the level moves with the voice, the picture is mirrored, and another device can be chosen', async () => {
  const visit = await practice.visit();
  const person = await opens(await visit.patientLink());
  await person.at('preview');
  await person.press('devices');
  await person.page.locator('[data-devices="on on"]').waitFor();
  const levels = new Set<number>();
  for (let look = 0; look < 40 && levels.size < 4; look += 1) {
    levels.add(await person.page.locator('meter').evaluate((meter: HTMLMeterElement) => meter.value));
    await person.page.waitForTimeout(100);
  }
  assert.ok(levels.size >= 4, `levels ${[...levels]}`);
  const mirrored = await person.page.locator('.preview video').evaluate((video) => getComputedStyle(video).transform);
  assert.match(mirrored, /^matrix\(-1/);
  await person.page.locator('summary').click();
  await person.page.getByLabel('Microphone', { exact: true }).selectOption({ index: 1 });
  await person.page.locator('[data-devices="on on"]').waitFor();
  await person.press('camera-off');
  await person.page.locator('[data-devices="off on"]').waitFor();
  await person.done();
});

test('who refuses camera and microphone gets help for this browser, and comes in all the same', async () => {
  const visit = await practice.visit();
  const person = await opens(await visit.patientLink(), { devices: false });
  await person.at('preview');
  await person.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await person.press('devices');
  await person.says(/does not let this page use/);
  await person.says(/at the left of the address/);
  await person.accessible('refused');
  await person.press('join');
  await person.at('waiting');
  await person.done();
});
