import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { becomes, launch, Person } from './rig/browser';
import { comes } from './rig/desk';
import { Practice, Visit } from './rig/practice';

let practice: Practice;
let browser: Browser;

before(async () => {
  [practice, browser] = await Promise.all([Practice.open(), launch()]);
});
after(async () => {
  await browser?.close();
  practice?.close();
});
beforeEach(() => practice.forget());

/** Another visit with the clinician of one. */
async function another(visit: Visit): Promise<Visit> {
  const next = await practice.visit();
  const scheduledAt = new Date(Math.ceil(((await practice.now()) + 600_000) / 300_000) * 300_000).toISOString().replace('.000', '');
  const wanted = { patientId: next.patientId, clinicianId: visit.clinicianId, scheduledAt, duration: 15 };
  const made = await practice.must('POST', '/api/visits', practice.keys['secretKey'], wanted);
  return new Visit(practice, made, visit.clinicianId, next.patientId, next.phone);
}

test('who waits is told their place, and how long it takes once the practice has kept some waiting', async () => {
  try {
    let visit = await practice.visit();
    for (let before = 0; before < 3; before += 1) {
      await comes(visit);
      await visit.clinicianStarts();
      await practice.local('clock', { advance: 'PT40M' });
      await visit.end();
      visit = await another(visit);
    }
    const { guests } = await visit.links([], { guests: [{ role: 'guest', displayName: 'Gus' }] });
    await comes(visit, guests[0].link);
    const person = await Person.of(browser);
    await person.page.goto(await visit.patientLink());
    await person.at('preview');
    await person.press('join');
    await person.at('waiting');
    await person.says(/You are number 2 in line/);
    await person.page.locator('[data-forecast]').waitFor();
    const minutes = Number(await person.page.locator('[data-forecast]').getAttribute('data-forecast'));
    // The visit begins in ten minutes or so, and the last ones took a quarter of an hour more than they should.
    assert.ok(minutes >= 15 && minutes <= 40, `${minutes} minutes`);
    await person.says(`The wait is about ${minutes} minutes`);
    await person.accessible('waiting with a forecast');
    await visit.clinicianStarts();
    await visit.desk('reject', 'guest');
    await person.says(/You are next/);
    await person.done();
  } finally {
    await practice.local('clock', { reset: true });
  }
});

/** Two tabs of one phone, both of which have opened the same link. */
async function twoTabs(visit: Visit): Promise<[Person, Page, Page]> {
  const link = await visit.patientLink();
  const person = await Person.of(browser);
  const second = await person.context.newPage();
  person.watch(second);
  for (const tab of [person.page, second]) {
    await tab.goto(link);
    await tab.locator('[data-state=preview]').waitFor();
  }
  return [person, person.page, second];
}

const at = (tab: Page, state: string) => tab.locator(`[data-state="${state}"]`).waitFor({ state: 'attached', timeout: 15_000 });
const seats = async (visit: Visit) => (await visit.participants()).filter(({ role }) => role === 'patient').length;

test('of two tabs with the same link the newest has the visit, and the other says so and takes it back by a press', async () => {
  const visit = await practice.visit();
  const [person, first, second] = await twoTabs(visit);
  await first.locator('[data-name=join]').click();
  await at(first, 'waiting');
  await at(second, 'other-tab');
  Object.assign(person, { page: second });
  await person.accessible('other tab');
  await person.reachable('other tab');
  await second.locator('[data-name=here]').click();
  await at(second, 'waiting');
  await at(first, 'other-tab');
  // A third one, by pressing the link in the text again.
  const third = await person.context.newPage();
  await third.goto(first.url());
  await at(third, 'waiting');
  await at(second, 'other-tab');
  assert.equal(await seats(visit), 1);
  await visit.clinicianStarts();
  await visit.desk('admit');
  await third.locator('[data-call]').waitFor();
  await person.done();
});

test('whoever left stays out after a reload, and takes the visit from no other tab before they come back', async () => {
  const visit = await practice.visit();
  const link = await visit.patientLink();
  const person = await Person.of(browser);
  const first = person.page;
  await first.goto(link);
  await first.locator('[data-name=join]').click();
  await at(first, 'waiting');
  await first.locator('[data-name=leave]').click();
  await at(first, 'left');
  await first.reload();
  await at(first, 'left');
  // The link pressed again in the same tab, which a phone then loads anew: nobody left meanwhile.
  await first.goto(link);
  await at(first, 'waiting');
  await first.reload();
  await at(first, 'waiting');
  await first.locator('[data-name=leave]').click();
  await at(first, 'left');

  const second = await person.context.newPage();
  person.watch(second);
  await second.goto(link);
  await at(second, 'waiting');
  await first.reload();
  await at(first, 'left');
  await second.waitForTimeout(500);
  await at(second, 'waiting');
  await first.locator('[data-name=back]').click();
  await at(first, 'waiting');
  await at(second, 'other-tab');
  await first.locator('[data-name=leave]').click();
  await at(first, 'left');
  await second.locator('[data-name=here]').click();
  await at(second, 'waiting');
  await at(first, 'other-tab');
  await first.reload();
  await first.locator('[data-state=left]').waitFor();
  assert.equal(await seats(visit), 1);
  await person.done();
});

test('two tabs in which Join is pressed at the same moment spend one link once, and one of them has the visit', async () => {
  for (let round = 0; round < 3; round += 1) {
    const visit = await practice.visit();
    const [person, first, second] = await twoTabs(visit);
    // A press each, by the tabs themselves: no tab waits for the other to be in front.
    await Promise.all([first, second].map((tab) => tab.evaluate(() => document.querySelector<HTMLElement>('[data-name=join]')?.click())));
    const standing = async () => (await Promise.all([first, second].map((tab) => tab.locator('[data-state]').getAttribute('data-state')))).sort().join(' ');
    await becomes(standing, 'other-tab waiting');
    assert.equal(await seats(visit), 1);
    await person.done();
  }
});

test('whoever cannot come by video is told whom to call', async () => {
  const person = await Person.of(browser);
  await person.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'));
  await person.page.goto(await (await practice.visit()).patientLink());
  await person.at('unsupported');
  await person.says(/the visit can go on by phone/);
  await person.says(/Call \(212\) 555-0100/);
  await person.accessible('unsupported with the telephone');
  await person.done();
});
