import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, Person } from './rig/browser';
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

async function opens(path: string): Promise<Person> {
  const person = await Person.of(browser);
  await person.page.goto(practice.url + path);
  return person;
}

/** A visit with a public code; the path that it is read out as. */
async function withCode(wanted: Record<string, unknown> = {}): Promise<{ visit: Visit; path: string }> {
  const visit = await practice.visit({ access: { publicCode: true }, ...wanted });
  return { visit, path: `/v/${visit.made['meetingCode']}` };
}

test('whoever has the public code gives a name, waits, and the desk sees what it shows', async () => {
  const { visit, path } = await withCode();
  const person = await opens(path.toLowerCase());
  await person.at('preview');
  await person.accessible('preview by code');
  await person.reachable('preview by code');
  await person.press('join');
  await person.says('Please type your name.');
  await person.page.locator('input[name="name"]').fill('Ada');
  await person.press('join');
  await person.at('waiting');
  await person.accessible('waiting by code');
  const seats = await visit.participants();
  assert.deepEqual(seats.map(({ displayName, role, status, verifiedBy }) => ({ displayName, role, status, verifiedBy })), [
    { displayName: 'Ada', role: 'patient', status: 'WAITING', verifiedBy: ['meeting-code'] },
  ]);
  // A closed tab comes back to the same seat.
  await person.page.reload();
  await person.at('waiting');
  assert.equal((await visit.participants()).length, 1);
  await person.done();
});

test('a code that leads nowhere, one that is over and one that is early say what to do', async () => {
  const unknown = await opens('/v/AAAABBBB');
  await unknown.at('invalid');
  await unknown.accessible('invalid by code');
  await unknown.done();
  const { visit, path } = await withCode();
  await practice.must('POST', `/api/visits/${visit.id}/cancel`, practice.keys['secretKey'], { reason: 'Over' });
  const over = await opens(path);
  await over.at('invalid');
  await over.done();
  const later = await withCode({ startsIn: 3 * 3_600_000 });
  const early = await opens(later.path);
  await early.at('early');
  await early.accessible('early by code');
  await early.done();
});
