import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, Person, type Wanted } from './rig/browser';
import { Practice, type Visit } from './rig/practice';

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

/** The patient of a visit, signed in at the laptop's provider. */
async function signedIn(visit: Visit, wanted?: Wanted): Promise<Person> {
  const person = await Person.of(browser, wanted);
  await person.page.goto(`${practice.url}/portal`);
  await person.at('signed-out');
  await person.press('sign-in');
  await person.page.waitForURL(/authorize/);
  await person.page.goto(`${person.page.url()}&role=patient&sub=${visit.patientId}`);
  await person.at('visits');
  return person;
}

test('a patient signs in, reads how to prepare, joins from the opening time, and is in the waiting room', async () => {
  const visit = await practice.visit({ patientInstructions: 'Have your medicines at hand.' });
  const person = await signedIn(visit);
  await person.accessible('visits');
  await person.reachable('visits');
  assert.equal(new URL(person.page.url()).search, '', 'no code stays in the address');
  await person.page.locator(`[data-visit="${visit.id}"]`).click();
  await person.says('Have your medicines at hand.');
  await person.accessible('visit');
  await person.press('join');
  await person.at('waiting');
  await person.accessible('waiting');
  await person.done();
});

test('before the opening time there is a countdown and no button', async () => {
  const visit = await practice.visit({ startsIn: 3 * 3_600_000 });
  const person = await signedIn(visit);
  await person.page.locator(`[data-visit="${visit.id}"]`).click();
  await person.says(/in \d+ (hours|minutes)/);
  assert.equal(await person.page.locator('[data-name="join"]').count(), 0);
  await person.accessible('early');
  await person.done();
});

test('notes are read once they were released, and only then', async () => {
  for (const releaseNotes of [false, true]) {
    const visit = await practice.visit();
    await visit.clinicianStarts();
    await visit.end({ notes: 'Rest, and drink water.', releaseNotes });
    const person = await signedIn(visit);
    const [answer] = await Promise.all([
      person.page.waitForResponse(`**/api/visits/${visit.id}`),
      person.page.locator(`[data-visit="${visit.id}"]`).click(),
    ]);
    await answer.finished();
    await person.says(/took place|ended early/);
    if (releaseNotes) await person.says('Rest, and drink water.');
    else {
      await person.page.waitForTimeout(500);
      await person.shows(0, 'text=Rest, and drink water.');
    }
    await person.accessible('past visit');
    await person.done();
  }
});

test('a patient sees nobody else’s visits, and an empty list says so', async () => {
  const [mine, other] = [await practice.visit(), await practice.visit()];
  const person = await signedIn(mine);
  assert.equal(await person.page.locator(`[data-visit="${other.id}"]`).count(), 0);
  await mine.cancel();
  await person.page.reload();
  await person.page.waitForURL(/authorize/);
  await person.page.goto(`${person.page.url()}&role=patient&sub=${mine.patientId}`);
  await person.at('visits');
  await person.says(/No visit is planned/);
  await person.says(/cancelled/);
  await person.done();
});

test('a sign-in that has run out is renewed without a word', async () => {
  const visit = await practice.visit({ startsIn: 5 * 3_600_000 });
  const person = await signedIn(visit);
  try {
    await practice.local('clock', { advance: 'PT2H' });
    await person.page.locator(`[data-visit="${visit.id}"]`).click();
    await person.says(/in \d+ (hours|minutes)/);
    await person.done();
  } finally {
    await practice.local('clock', { reset: true });
  }
});

test('a way back with a foreign state signs nobody in', async () => {
  const person = await Person.of(browser);
  await person.page.goto(`${practice.url}/portal?code=stolen&state=forged`);
  await person.at('signed-out');
  await person.says(/sign in again/);
  assert.equal(new URL(person.page.url()).search, '');
  await person.done();
});

test('signing out leaves nothing behind', async () => {
  const visit = await practice.visit();
  const person = await signedIn(visit);
  await person.press('sign-out');
  await person.at('signed-out');
  await person.page.reload();
  await person.at('signed-out');
  await person.done();
});
