import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, Person } from './rig/browser';
import { Practice, type Visit } from './rig/practice';

let practice: Practice;
let withoutMedia: string | false = false;
/** A process each, as two people have. */
let browsers: Browser[] = [];

before(async () => {
  practice = await Practice.open('--media-port', '0');
  const { status } = await practice.ask('POST', '/local/media', null, { kind: 'cut', visitId: '019ac0de-7e10-7c3a-9f00-2b6f5d1c4a01' });
  if (status === 501) withoutMedia = 'this laptop has no media server';
  browsers = await Promise.all([launch(), launch()]);
});
after(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  practice.close();
});
beforeEach(() => practice.forget());

async function someone(index: number): Promise<Person> {
  const browser = browsers[index];
  assert.ok(browser);
  const person = await Person.of(browser);
  person.expected.push('WebSocket');
  return person;
}

/** The patient, by the text's link, and the clinician, by link and code, in one call. */
async function together(visit: Visit): Promise<[Person, Person]> {
  const { patient, clinician } = await visit.links(['patient', 'clinician']);
  const ann = await someone(0);
  await ann.page.goto(patient.link);
  await ann.at('preview');
  await ann.press('join');
  await ann.at('waiting');
  const jane = await someone(1);
  await jane.page.goto(clinician.link);
  await jane.at('preview');
  await jane.press('join');
  await jane.at('proving-sms-otp');
  await jane.press('send');
  await jane.says(/Sent to/);
  const [text] = await visit.messages('+12125550143');
  await jane.page.getByLabel('The six digits').fill(/\b\d{6}\b/.exec(text?.['text'])?.[0] ?? '');
  await jane.press('answer');
  await visit.desk('admit');
  await Promise.all([connected(ann), connected(jane)]);
  return [ann, jane];
}

async function connected(person: Person): Promise<void> {
  await person.page.locator('[data-call="connected"]').waitFor({ timeout: 30_000 });
}

/** The other's picture moves. */
async function sees(person: Person): Promise<void> {
  const video = person.page.locator('.tile video').first();
  await video.waitFor({ timeout: 20_000 });
  const frames = () => video.evaluate((element: HTMLVideoElement) => element.getVideoPlaybackQuality().totalVideoFrames);
  const until = Date.now() + 20_000;
  const first = await frames();
  while ((await frames()) < first + 10) {
    assert.ok(Date.now() < until, 'the picture stands still');
    await person.page.waitForTimeout(200);
  }
}

test('two people see one another, mute, turn the camera off, and leave', async (context) => {
  if (withoutMedia) return context.skip(withoutMedia);
  const [ann, jane] = await together(await practice.visit());
  await Promise.all([sees(ann), sees(jane)]);
  await ann.accessible('in the call');
  await ann.reachable('in the call');
  await ann.press('mute');
  await jane.says(/muted/);
  await ann.press('camera');
  await jane.page.locator('.tile video').waitFor({ state: 'detached' });
  await ann.press('camera');
  await sees(jane);
  await ann.press('leave');
  await ann.at('left');
  await jane.page.locator('.tile').waitFor({ state: 'detached' });
  await ann.press('back');
  await connected(ann);
  await sees(jane);
  await ann.done();
  await jane.done();
});

test('a line that goes silent is noticed within five seconds by its own heartbeat, and heals', async (context) => {
  if (withoutMedia) return context.skip(withoutMedia);
  const visit = await practice.visit();
  const [ann, jane] = await together(visit);
  await sees(ann);
  await practice.local('media', { kind: 'blackhole', visitId: visit.id, seconds: 9 });
  const from = Date.now();
  await ann.page.locator('[data-call="reconnecting"]').waitFor({ timeout: 10_000 });
  const noticed = Date.now() - from;
  assert.ok(noticed < 6500, `${noticed} ms`);
  assert.ok((await ann.heard()).includes('Reconnecting…'));
  await connected(ann);
  await sees(ann);
  await ann.done();
  await jane.done();
});

test('a meeting that the service has ended is made anew, and both move there', async (context) => {
  if (withoutMedia) return context.skip(withoutMedia);
  const visit = await practice.visit();
  const [ann, jane] = await together(visit);
  await practice.local('media', { kind: 'end', visitId: visit.id });
  await Promise.all([ann, jane].map((person) => person.page.locator('[data-call="stopped"]').waitFor({ timeout: 20_000 }).catch(() => undefined)));
  await Promise.all([connected(ann), connected(jane)]);
  await Promise.all([sees(ann), sees(jane)]);
  await ann.done();
  await jane.done();
});
