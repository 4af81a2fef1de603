import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { becomes, Person } from './rig/browser';
import { reads } from './rig/look';
import { Practice, type Visit } from './rig/practice';
import { Crowd, hears, type Look, LOOKS, sees } from './rig/senses';

const [ANNS, JANES, GUS, IDAS] = LOOKS as readonly [Look, Look, Look, Look];

let practice: Practice;
let crowd: Crowd;

before(async () => {
  [practice, crowd] = await Promise.all([Practice.open('--media-port', '0'), Crowd.of(LOOKS.length)]);
});
after(async () => {
  await crowd?.close();
  practice?.close();
});
beforeEach(() => practice.forget());

/** Somebody with a tone and a colour of their own opens a link. */
async function opens(link: string, index: number): Promise<Person> {
  const browser = crowd.browsers[index];
  assert.ok(browser);
  const person = await Person.of(browser, { hums: true });
  // A socket that is cut is told by the browser. Where two changes of who sends overlap, the Chime client sets what
  // another offer has replaced; it does so again with the next one.
  person.expected.push('WebSocket', 'getParameters() has never been called');
  await person.page.goto(link);
  await person.at('preview');
  await person.press('join');
  return person;
}

async function patientWaits(link: string): Promise<Person> {
  const ann = await opens(link, 0);
  await ann.at('waiting');
  return ann;
}

/** The clinician comes by link and the text's code. */
async function clinicianComes(visit: Visit, link: string): Promise<Person> {
  const jane = await opens(link, 1);
  await jane.at('proving-sms-otp');
  await jane.press('send');
  await jane.says(/Sent to/);
  const [text] = await visit.messages('+12125550143');
  await jane.page.getByLabel('The six digits').fill(/\b\d{6}\b/.exec(text?.['text'])?.[0] ?? '');
  await jane.press('answer');
  return jane;
}

async function together(visit: Visit): Promise<[Person, Person]> {
  const { patient, clinician } = await visit.links(['patient', 'clinician']);
  const ann = await patientWaits(patient.link);
  const jane = await clinicianComes(visit, clinician.link);
  await visit.desk('admit');
  await connected(ann, jane);
  return [ann, jane];
}

async function connected(...people: Person[]): Promise<void> {
  await Promise.all(people.map((person) => person.page.locator('[data-call="connected"]').waitFor({ timeout: 30_000 })));
}

/** Patient and clinician see and hear one another, and nobody else. */
async function meet(ann: Person, jane: Person): Promise<void> {
  await Promise.all([sees(ann, [JANES]), sees(jane, [ANNS])]);
  await Promise.all([hears(ann, [JANES]), hears(jane, [ANNS])]);
}

test('two people see and hear one another, mute, turn the camera off, leave and come back', async () => {
  const [ann, jane] = await together(await practice.visit());
  await meet(ann, jane);
  await reads(ann, 'in-the-call');
  await ann.press('mute');
  await jane.says(/muted/);
  await hears(jane, []);
  await ann.press('mute');
  await hears(jane, [ANNS]);
  await ann.press('camera');
  await jane.page.locator('.tile video').waitFor({ state: 'detached' });
  await ann.press('camera');
  await sees(jane, [ANNS]);
  await ann.press('leave');
  await ann.at('left');
  await jane.page.locator('.tile').waitFor({ state: 'detached' });
  await hears(jane, []);
  await ann.press('back');
  await connected(ann);
  await meet(ann, jane);
  await ann.done();
  await jane.done();
});

test('family and an interpreter are in the call: each sees and hears all others; a screen is shown; who is taken out is gone', { timeout: 180_000 }, async () => {
  const visit = await practice.visit();
  const [ann, jane] = await together(visit);
  const { guests } = await visit.links([], { guests: [{ role: 'guest', displayName: 'Gus' }, { role: 'interpreter', displayName: 'Ida' }] });
  const gus = await opens(guests[0].link, 2);
  await gus.at('waiting');
  await visit.desk('admit', 'guest');
  await connected(gus);
  await Promise.all([sees(ann, [JANES, GUS]), sees(jane, [ANNS, GUS]), sees(gus, [ANNS, JANES])]);
  await Promise.all([hears(ann, [JANES, GUS]), hears(jane, [ANNS, GUS]), hears(gus, [ANNS, JANES])]);
  const ida = await opens(guests[1].link, 3);
  await ida.at('waiting');
  await visit.desk('admit', 'interpreter');
  await connected(ida);
  const all = [ann, jane, gus, ida];
  const but = (index: number) => LOOKS.filter((_, at) => at !== index);
  for (const [index, person] of all.entries()) await sees(person, but(index));
  for (const [index, person] of all.entries()) await hears(person, but(index));
  await reads(ann, 'in-the-call-of-four');

  await jane.press('share');
  for (const person of [ann, gus, ida]) await person.page.locator('.tile.content video').waitFor();
  await reads(ann, 'a-screen-is-shown');
  await jane.press('share');
  for (const person of [ann, gus, ida]) await person.page.locator('.tile.content').waitFor({ state: 'detached' });

  await visit.desk('remove', 'guest');
  await gus.at('over-removed', 30_000);
  await sees(ann, [JANES, IDAS]);
  await hears(ann, [JANES, IDAS]);
  await hears(jane, [ANNS, IDAS]);
  for (const person of all) await person.done();
});

test('whoever lost the tab opens the link again and is in the call, however late; whoever left stays out until they come back', async () => {
  const visit = await practice.visit();
  const { patient, clinician } = await visit.links(['patient', 'clinician']);
  const ann = await patientWaits(patient.link);
  const jane = await clinicianComes(visit, clinician.link);
  await visit.desk('admit');
  await connected(ann, jane);
  await meet(ann, jane);

  const lost = ann.page;
  await lost.close();
  const standing = async () => (await visit.participants()).find(({ role }) => role === 'patient')?.['status'];
  await becomes(standing, 'LEFT', 'the service has lost her', 60_000);
  await ann.opensAnew(patient.link);
  await connected(ann);
  await meet(ann, jane);
  await becomes(standing, 'JOINED');

  await ann.press('leave');
  await ann.at('left');
  await becomes(standing, 'LEFT');
  await ann.page.reload();
  await ann.at('left');
  await ann.press('back');
  await connected(ann);
  await meet(ann, jane);
  await ann.press('leave');
  await ann.at('left');
  // In the same tab: the link is pressed to go on.
  await ann.page.goto(patient.link);
  await connected(ann);
  await ann.done();
  await jane.done();
});

test('a line that goes silent is noticed by the page’s own heartbeat while it is silent, and heals', async () => {
  const visit = await practice.visit();
  const [ann, jane] = await together(visit);
  await meet(ann, jane);
  // The Chime client by itself says nothing before 15 seconds.
  await practice.local('media', { kind: 'blackhole', visitId: visit.id, seconds: 12 });
  // It may heal in a moment: what was said stays to be seen.
  await ann.hears('Reconnecting…', 11_000);
  await connected(ann, jane);
  await meet(ann, jane);
  await ann.done();
  await jane.done();
});

test('a connection that is cut heals by itself', async () => {
  const visit = await practice.visit();
  const [ann, jane] = await together(visit);
  await meet(ann, jane);
  const patient = (await visit.participants()).find((person) => person['role'] === 'patient');
  await practice.local('media', { kind: 'cut', visitId: visit.id, participantId: patient?.['participantId'] });
  await ann.hears('Reconnecting…');
  await connected(ann);
  await meet(ann, jane);
  await ann.done();
  await jane.done();
});

test('a meeting that the service has ended is made anew, and both move there', async () => {
  const visit = await practice.visit();
  const [ann, jane] = await together(visit);
  await practice.local('media', { kind: 'end', visitId: visit.id });
  await Promise.all([ann, jane].map((person) => person.page.locator('[data-call="stopped"]').waitFor({ timeout: 20_000 }).catch(() => undefined)));
  await connected(ann, jane);
  await meet(ann, jane);
  await ann.done();
  await jane.done();
});

test('a meeting that dies while the patient waits is made anew, and both land in the new one', async () => {
  const visit = await practice.visit();
  const { patient, clinician } = await visit.links(['patient', 'clinician']);
  const ann = await patientWaits(patient.link);
  const jane = await clinicianComes(visit, clinician.link);
  await connected(jane);
  await practice.local('media', { kind: 'end', visitId: visit.id });
  await visit.desk('admit');
  await connected(ann, jane);
  await meet(ann, jane);
  await ann.done();
  await jane.done();
});

test('a phone call that takes the microphone is followed by one large button, and the talk goes on', async () => {
  const [ann, jane] = await together(await practice.visit());
  await meet(ann, jane);
  // As Safari does it: the tracks that there are go silent, without a word more.
  await ann.page.evaluate(() => {
    for (const track of (globalThis as unknown as { microphones: MediaStreamTrack[] }).microphones) {
      Object.defineProperty(track, 'muted', { value: true });
      track.enabled = false;
      track.dispatchEvent(new Event('mute'));
    }
  });
  await hears(jane, []);
  const resume = ann.page.locator('[data-name=resume]');
  await resume.waitFor();
  assert.ok(((await resume.boundingBox())?.height ?? 0) >= 56, 'large');
  await reads(ann, 'held-back-by-a-phone-call');
  await ann.press('resume');
  await resume.waitFor({ state: 'detached' });
  await meet(ann, jane);
  await ann.done();
  await jane.done();
});
