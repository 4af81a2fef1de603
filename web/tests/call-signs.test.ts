import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { becomes, launch, Person } from './rig/browser';
import { comes } from './rig/desk';
import { Practice, type Visit } from './rig/practice';
import { type Noted, noteSockets } from './rig/sockets';

const { SdkSignalFrame, SdkTranscriptFrame } = createRequire(import.meta.url)('amazon-chime-sdk-js/build/signalingprotocol/SignalingProtocol.js');
/** Where the service puts what it has written down: a data message that clients cannot send. */
const TOPIC = 'aws:chime:transcription';

let practice: Practice;
let browser: Browser;

before(async () => {
  [practice, browser] = await Promise.all([Practice.open('--media-port', '0'), launch()]);
});
after(async () => {
  await browser?.close();
  practice?.close();
});
beforeEach(() => practice.forget());

/** A patient in the call, whose signalling a test can speak into. */
async function inCall(visit: Visit, prepare: (person: Person) => Promise<unknown> = async () => undefined, within = browser): Promise<Person> {
  const person = await Person.of(within);
  person.expected.push('WebSocket');
  await prepare(person);
  await person.context.addInitScript(noteSockets);
  await person.page.goto(await visit.patientLink());
  await person.at('preview');
  await person.press('join');
  await person.at('waiting');
  await visit.clinicianStarts();
  await visit.desk('admit');
  await person.page.locator('[data-call="connected"]').waitFor({ timeout: 30_000 });
  return person;
}

/** The service writes down what somebody says. */
async function writes(person: Person, event: unknown): Promise<void> {
  const data = SdkTranscriptFrame.encode(SdkTranscriptFrame.fromObject({ events: [event] })).finish();
  const message = { topic: TOPIC, data, senderAttendeeId: TOPIC, senderExternalUserId: TOPIC, ingestTimeNs: 1, lifetimeMs: 0 };
  const frame = SdkSignalFrame.encode(SdkSignalFrame.fromObject({ timestampMs: Date.now(), type: 'DATA_MESSAGE', dataMessage: { messages: [message] } })).finish();
  await person.page.evaluate((octets) => {
    const { sockets } = globalThis as unknown as Noted;
    // The first octet says what kind of frame follows.
    sockets.at(-1)?.socket.dispatchEvent(new MessageEvent('message', { data: new Uint8Array([5, ...octets]).buffer }));
  }, [...frame]);
}

const said = (resultId: string, words: string, externalUserId: string, isPartial = false) => ({
  transcript: {
    results: [{
      resultId, isPartial, channelId: 'ch', startTime: 1, endTime: 2,
      alternatives: [{ transcript: words, items: [{ content: words, startTime: 1, endTime: 2, type: 'PRONUNCIATION', speakerAttendeeId: 'x', speakerExternalUserId: externalUserId }] }],
    }],
  },
});

test('what is said is shown with the name of whoever says it, changes as it is understood, and can be switched off', async () => {
  const visit = await practice.visit();
  const person = await inCall(visit);
  const doctor = (await visit.participants()).find(({ role }) => role === 'clinician')?.['participantId'];
  assert.equal(await person.page.locator('[data-name=captions]').count(), 0, 'nobody offers what nobody writes down');
  await writes(person, said('one', 'How are', doctor, true));
  await person.says(/Jane: How are/);
  await writes(person, said('one', 'How are you today?', doctor));
  await person.says(/Jane: How are you today\?/);
  await person.accessible('captions');
  await person.reachable('captions');
  assert.equal(await person.page.locator('.captions[aria-live], [aria-live] .captions').count(), 0, 'no screen reader speaks over the speaker');
  await person.press('captions');
  await person.page.locator('.captions').waitFor({ state: 'detached' });
  await person.press('captions');
  await person.says(/How are you today\?/);
  await writes(person, { status: { type: 'STOPPED', eventTime: 1, transcriptionRegion: 'us-east-1', transcriptionConfiguration: '{}' } });
  await person.page.locator('[data-name=captions]').waitFor({ state: 'detached' });
  await person.done();
});

test('a browser that holds sound back until a press gets one large button; sound that was only begun anew gets none', async () => {
  for (const [name, wanted] of [['AbortError', 0], ['NotAllowedError', 1]] as const) {
    const refusesOnce = (why: string) => {
      const { play } = HTMLMediaElement.prototype;
      HTMLMediaElement.prototype.play = function () {
        if (!(this instanceof HTMLAudioElement)) return play.apply(this);
        HTMLMediaElement.prototype.play = play;
        return Promise.reject(new DOMException('no', why));
      };
    };
    const person = await inCall(await practice.visit(), ({ context }) => context.addInitScript(refusesOnce, name));
    await becomes(() => person.page.evaluate(() => HTMLMediaElement.prototype.play.toString().includes('[native code]')), true, 'it was refused');
    await person.shows(wanted, '[data-name=resume]', name);
    if (wanted) {
      await person.press('resume');
      await person.shows(0, '[data-name=resume]', 'pressed once');
    }
    await person.done();
  }
});

test('with two cameras there is a button for the other one, which the call goes on with; and back', async () => {
  const twoCameras = await launch('--use-fake-device-for-media-stream=device-count=2');
  try {
    const person = await inCall(await practice.visit(), undefined, twoCameras);
    const camera = () => person.page.locator('.self video').evaluate((video: HTMLVideoElement) => (video.srcObject as MediaStream).getVideoTracks()[0]?.getSettings().deviceId);
    const first = await camera();
    await person.press('flip');
    await becomes(async () => ![first, undefined].includes(await camera()), true, 'the other camera');
    await person.accessible('the other camera');
    await person.press('flip');
    await becomes(camera, first, 'the first one again');
    // Another program has the other one: the picture goes on as it was.
    await person.page.evaluate((mine) => {
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = (wanted) =>
        JSON.stringify(wanted).includes(String(mine)) ? ask(wanted) : Promise.reject(new DOMException('busy', 'NotReadableError'));
    }, first);
    await person.press('flip');
    await person.page.waitForTimeout(500);
    await becomes(camera, first, 'the one that works');
    await person.done();
  } finally {
    await twoCameras.close();
  }
});

test('a patient sees the others by their names', async () => {
  const visit = await practice.visit();
  const { guests } = await visit.links([], { guests: [{ role: 'guest', displayName: 'Gus Uncle' }] });
  const person = await inCall(visit);
  const gus = await Person.of(browser);
  gus.expected.push('WebSocket');
  await gus.page.goto(guests[0].link);
  await gus.at('preview');
  await gus.press('join');
  await gus.at('waiting');
  await visit.desk('admit', 'guest');
  await gus.page.locator('[data-call="connected"]').waitFor({ timeout: 30_000 });
  await person.page.locator('.tile .label', { hasText: 'Gus Uncle' }).waitFor();
  await gus.page.locator('.tile .label', { hasText: 'Ann Lee' }).waitFor();
  await person.hears('Gus Uncle is here.');
  await gus.done();
  await person.done();
});

test('that the visit is recorded is said at once, and stands there as long as it is so', async () => {
  const visit = await practice.visit();
  await comes(visit, (await visit.links([], { guests: [{ role: 'guest', displayName: 'Gus' }] })).guests[0].link);
  const person = await inCall(visit);
  let recorded = true;
  await person.page.route('**/api/session?*', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { media?: object };
    await route.fulfill({ response: answer, json: { ...body, ...(body.media ? { media: { ...body.media, ...(recorded ? { recorded } : {}) } } : {}) } });
  });
  await person.page.locator('.recorded').waitFor({ timeout: 30_000 });
  await person.hears('This visit is being recorded');
  await person.accessible('recorded');
  await person.reachable('recorded');
  recorded = false;
  await person.page.locator('.recorded').waitFor({ state: 'detached', timeout: 30_000 });
  await person.hears('The recording has stopped');
  await person.done();
});
