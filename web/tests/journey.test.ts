import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, Person } from './rig/browser';
import { Desk } from './rig/desk';
import { Practice } from './rig/practice';
import { Crowd, hears, type Look, LOOKS, sees } from './rig/senses';

const [MARIAS, JANES] = LOOKS as readonly [Look, Look];

let practice: Practice;
let browser: Browser;
/** Patient and clinician in the call, each in a process of their own. */
let crowd: Crowd;

before(async () => {
  [practice, browser, crowd] = await Promise.all([Practice.open('--media-port', '0'), launch(), Crowd.of(2)]);
});
after(async () => {
  await browser?.close();
  await crowd?.close();
  practice?.close();
});

/** The phone and mailbox of the laptop, in a window beside everybody. */
async function phone(): Promise<Person> {
  const person = await Person.of(browser, { viewport: { width: 1280, height: 900 } });
  person.expected.push('Blocked script execution');
  await person.page.goto(`${practice.url}/demo`);
  return person;
}

/** Somebody asks for the next time on the lander's page. Gives when the visit is. */
async function books(person: Person, demo: Person): Promise<string> {
  const { page } = person;
  const field = (name: string) => page.locator(`bedside-schedule #${name}`);
  const submit = page.locator('bedside-schedule button[type=submit]');
  await field('givenName').fill('Maria');
  await field('familyName').fill('Gomez');
  await field('phone').fill('(212) 555-0187');
  await field('state').selectOption('NY');
  const days = await field('day').locator('option').evaluateAll((all) => all.map((day) => (day as HTMLOptionElement).value));
  await field('day').selectOption(days[0] ?? '');
  await field('at').selectOption({ index: 1 });
  const at = await field('at').inputValue();
  await field('reason').fill('A cough for a week');
  await field('sms').check();
  await field('telehealth').check();
  await submit.press('Enter');
  await field('code').waitFor();
  const text = demo.page.locator('.demo-bubble', { hasText: /\d{6}/u }).first();
  await text.waitFor();
  const [code] = /\b\d{6}\b/u.exec(String(await text.textContent())) ?? [];
  await field('code').fill(String(code));
  await submit.press('Enter');
  await page.locator('bedside-schedule h2', { hasText: 'Your visit is booked' }).waitFor();
  return at;
}

test('from a lander’s page to the notes: booked, confirmed, come in, let in, talked, ended', { timeout: 120_000 }, async () => {
  const [demo, visitor] = [await phone(), await Person.of(browser)];
  await visitor.page.goto(practice.url);
  const at = await books(visitor, demo);

  // The next opening may be tomorrow: everybody's clock moves there, and the texts with their links stay.
  await practice.local('clock', { set: at });
  const [hers, janes] = crowd.browsers as [Browser, Browser];
  const desk = await Desk.of(janes, practice, practice.keys['clinicianId'], { timezoneId: 'America/New_York', hums: true });
  desk.person.expected.push('The AudioContext');
  const item = desk.person.page.locator('.desk-item', { hasText: 'Maria Gomez' });

  const link = demo.page.locator('.demo-bubble', { hasText: /with Jane/u }).locator('a').first();
  await link.waitFor();
  const patient = await Person.of(hers, { hums: true });
  patient.expected.push('The AudioContext');
  await patient.page.goto(String(await link.getAttribute('href')));
  await patient.at('preview');
  assert.doesNotMatch(patient.page.url(), /#/u, 'the secret does not stay in the address bar');
  const before = await desk.rings();
  await patient.press('join');
  await patient.at('waiting');
  await desk.announces(before + 1);

  await item.press('Enter');
  await desk.says(/A cough for a week/u);
  await desk.patient('WAITING').waitFor();
  await desk.presses('call');
  await desk.person.page.locator('.desk-call [data-call]').waitFor();
  await desk.presses('admit');
  await patient.page.locator('[data-call]').waitFor();
  await desk.patient('JOINED').waitFor();
  await Promise.all([sees(patient, [JANES]), sees(desk.person, [MARIAS])]);
  await Promise.all([hears(patient, [JANES]), hears(desk.person, [MARIAS])]);

  await desk.person.page.locator('#notes').fill('Viral cough. Rest and fluids.');
  await desk.presses('end');
  await desk.person.page.locator('input[name=release]').check();
  await desk.presses('yes');
  await desk.person.at('ended');
  await desk.person.shows(0, '.desk-call', 'the call is over');
  await patient.at('over-ended', 30_000);
  for (const person of [visitor, demo, patient, desk.person]) await person.done();
});
