import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { AgentDesk, agentOf, visitOfAgent } from './rig/agent';
import { becomes, Person } from './rig/browser';
import { comes } from './rig/desk';
import { reads } from './rig/look';
import { Practice, type Visit } from './rig/practice';
import { Crowd, hears, LOOKS, sees } from './rig/senses';

let practice: Practice;
/** A process each, as two people have: the patient hums and looks like the first, the clinician like the second. */
let crowd: Crowd;
const [ANN, JANE] = LOOKS.slice(0, 2);

before(async () => {
  practice = await Practice.open('--connect', '--media-port', '0');
  crowd = await Crowd.of(2);
});
after(async () => {
  await crowd?.close();
  practice?.close();
});
beforeEach(() => practice.forget());

const browser = (index: number): Browser => crowd.browsers[index] ?? assert.fail('no browser');
const atDesk = (visit: Visit, agent?: string | null) => AgentDesk.of(browser(1), visit, agent);

/** The patient comes by the text's link, as far as the waiting room. */
async function patientWaits(visit: Visit): Promise<Person> {
  const ann = await Person.of(browser(0));
  ann.expected.push('WebSocket');
  await ann.page.goto(await visit.patientLink());
  await ann.at('preview');
  await ann.press('join');
  await ann.at('waiting');
  return ann;
}

/** A patient without a page comes, is let in, and joins: the contact begins. */
async function patientCalls(visit: Visit): Promise<void> {
  const session = await comes(visit);
  await visit.desk('admit');
  await practice.must('POST', '/api/session/join', session);
}

/** A patient's call that rings at their clinician's desk. */
async function ringing(): Promise<[Visit, AgentDesk]> {
  const visit = await visitOfAgent(practice);
  const jane = await atDesk(visit);
  await jane.panelIs('ready');
  await patientCalls(visit);
  await jane.rings();
  return [visit, jane];
}

/** How a state reads, in each language. */
async function readsInAll({ person }: AgentDesk, state: string): Promise<void> {
  for (const language of ['es', 'ar', 'en']) {
    await person.page.getByRole('combobox', { name: /Language|Idioma|اللغة/ }).selectOption(language);
    await person.page.locator(`html[lang=${language}]`).waitFor();
    await reads(person, `${state}-${language}`);
  }
}

const clinicianBecomes = (visit: Visit, status: string): Promise<void> =>
  becomes(async () => (await visit.participants()).find((one) => one['role'] === 'clinician')?.['status'], status);

test('the patient’s call rings at the desk, opens their visit, is taken, seen, hung up and finished', async () => {
  const visit = await visitOfAgent(practice);
  const ann = await patientWaits(visit);
  const jane = await atDesk(visit);
  await jane.panelIs('ready');
  await readsInAll(jane, 'desk-panel-ready');
  await jane.desk.opens(visit);
  await jane.desk.presses('admit');
  await jane.desk.presses('close');
  await jane.rings();
  await jane.page.locator('#visit-title').waitFor();
  await jane.person.says(/Ann Lee is ringing/u);
  await jane.person.hears('Ann Lee is ringing.');
  await readsInAll(jane, 'desk-contact-ringing');

  await jane.desk.presses('contact-accept');
  await jane.contact('taken').waitFor();
  assert.ok(ANN && JANE);
  await Promise.all([sees(ann, [JANE]), sees(jane.person, [ANN])]);
  // The clinician’s voice is the panel’s, and heard once; the page beside it is silent and deaf.
  await Promise.all([hears(ann, [JANE]), hears(jane.person, [])]);
  const plays = (element: HTMLAudioElement) => element.srcObject instanceof MediaStream && !element.paused;
  assert.equal(await jane.frame.locator('#sound').evaluate(plays), true, 'the patient is heard in the panel');
  await readsInAll(jane, 'desk-contact-taken');
  await clinicianBecomes(visit, 'JOINED');
  await becomes(async () => (await visit.audit()).filter((event) => event === 'PARTICIPANT_JOINED').length, 2);
  await jane.person.shows(0, '[data-name=mute]', 'the microphone is the panel’s');
  await ann.shows(1, '.tile', 'the clinician is one person');

  await jane.desk.presses('contact-hang-up');
  await jane.contact('over').waitFor();
  await clinicianBecomes(visit, 'LEFT');
  await jane.person.shows(0, '[data-call]');
  const timer = jane.page.locator('[role=timer]');
  const shown = await timer.innerText();
  assert.match(shown, /\b0:\d\d/u, 'since the call, not since it began');
  await becomes(async () => (await timer.innerText()) > shown, true, 'the time goes on');
  await readsInAll(jane, 'desk-contact-over');
  await jane.desk.says(/The visit goes on until you end it/u);
  await visit.end();
  await ann.at('over-ended');
  await jane.desk.presses('contact-finish');
  await jane.contact('over').waitFor({ state: 'detached' });
  await jane.desk.says(/No call is ringing/u);
  await jane.person.done();
  await ann.done();
});

test('a visit without pictures is a call in the panel alone', async () => {
  const visit = await visitOfAgent(practice, { startsIn: 60_000, modality: 'audio' });
  const jane = await atDesk(visit);
  await jane.panelIs('ready');
  await patientCalls(visit);
  await jane.rings();
  await jane.desk.presses('contact-accept');
  await jane.desk.says(/this call has no pictures/u);
  await jane.person.shows(0, '[data-call]');
  await readsInAll(jane, 'desk-contact-audio');
  await jane.desk.presses('contact-hang-up');
  await jane.contact('over').waitFor();
  await jane.person.done();
});

test('pressed twice the call is taken once', async () => {
  const [, jane] = await ringing();
  const asked: string[] = [];
  jane.person.context.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname} ${request.postData() ?? ''}`));
  await jane.page.locator('[data-name=contact-accept]').dblclick();
  await jane.contact('taken').waitFor();
  await jane.page.locator('[data-call]').waitFor();
  assert.equal(asked.filter((one) => one.includes('/start-authenticated')).length, 1);
  assert.equal(asked.filter((one) => one.includes('"act":"accept"')).length, 1);
  await jane.person.done();
});

test('taken in the panel itself the call is at the desk too, and again after a reload', async () => {
  const [visit, jane] = await ringing();
  await jane.page.locator('.desk-frame summary').press('Enter');
  await jane.frame.getByRole('button', { name: 'Accept' }).press('Enter');
  await jane.page.locator('[data-call=connected]').waitFor({ timeout: 30_000 });
  await jane.page.reload();
  await jane.desk.chooses(visit.clinicianId);
  await jane.page.locator('[data-call=connected]').waitFor({ timeout: 30_000 });
  // In the call view it is the same as at the card.
  await jane.desk.presses('leave');
  await jane.contact('over').waitFor();
  await jane.person.done();
});

test('what the panel hears late, of before a call was hung up, brings the call back to nobody', async () => {
  const [, jane] = await ringing();
  await jane.desk.presses('contact-accept');
  await jane.page.locator('[data-call=connected]').waitFor({ timeout: 30_000 });
  // The next look is answered at once, and heard of when all is over.
  let [answered, told] = [() => {}, () => {}];
  const [isAnswered, isTold] = [new Promise<void>((done) => (answered = done)), new Promise<void>((done) => (told = done))];
  await jane.person.context.route('**/local/connect/agent', async (route) => {
    const answer = await route.fetch();
    answered();
    await jane.contact('over').waitFor();
    await route.fulfill({ response: answer });
    told();
  }, { times: 1 });
  await isAnswered;
  const asked: string[] = [];
  jane.person.context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await jane.desk.presses('contact-hang-up');
  await isTold;
  await jane.page.waitForTimeout(1000);
  await jane.contact('over').waitFor();
  assert.deepEqual(asked.filter((path) => path.endsWith('/transport') || path.endsWith('/start-authenticated')), []);
  await jane.person.done();
});

test('a second call rings when the first is finished, and opens its own visit', async () => {
  const first = await visitOfAgent(practice);
  const second = await first.another(15);
  const jane = await atDesk(first);
  await jane.panelIs('ready');
  await practice.local('clock', { set: second.made['scheduledAt'] });
  await patientCalls(first);
  await jane.rings();
  await patientCalls(second);
  await jane.page.waitForTimeout(1500);
  assert.equal(await jane.contact('ringing').count(), 1, 'one at a time');
  await jane.desk.presses('contact-accept');
  await jane.contact('taken').waitFor();
  // Whoever hangs up while the panel is asked for pictures gets none, and the panel's library says so.
  await jane.page.locator('[data-call=connected]').waitFor({ timeout: 30_000 });
  await jane.desk.presses('contact-hang-up');
  await jane.contact('over').waitFor();
  await jane.desk.presses('contact-finish');
  await jane.rings();
  await jane.page.locator(`[data-visit="${second.id}"][aria-current=true]`).waitFor();
  await jane.person.done();
  await practice.local('clock', { reset: true });
});

test('whoever is offline in Amazon Connect is not rung until they are available', async () => {
  const visit = await visitOfAgent(practice);
  const jane = await atDesk(visit);
  await jane.panelIs('ready');
  await jane.page.locator('#agent-state').selectOption('Offline');
  await jane.frame.getByText(`${agentOf(visit)}: Offline`).waitFor({ state: 'attached' });
  await patientCalls(visit);
  await jane.page.waitForTimeout(1500);
  assert.equal(await jane.contact('ringing').count(), 0);
  await jane.page.locator('#agent-state').selectOption('Available');
  await jane.rings();
  await jane.person.done();
});

test('the visit ended at the desk ends the call; what is left is the after-call work', async () => {
  const [visit, jane] = await ringing();
  await jane.desk.presses('contact-accept');
  await jane.page.locator('[data-call=connected]').waitFor({ timeout: 30_000 });
  await visit.end();
  await jane.contact('over').waitFor();
  await jane.page.locator('[data-call]').waitFor({ state: 'detached' });
  await jane.desk.presses('contact-finish');
  await jane.contact('over').waitFor({ state: 'detached' });
  await jane.person.done();
});

test('a call that belongs to no visit of the desk is said to be one, and can be taken', async () => {
  const [own, theirs] = [await visitOfAgent(practice), await visitOfAgent(practice)];
  const jane = await atDesk(own, agentOf(theirs));
  await jane.panelIs('ready');
  await patientCalls(theirs);
  await jane.rings();
  await jane.desk.says(/belongs to none of today’s visits/u);
  await jane.desk.presses('contact-accept');
  await jane.contact('taken').waitFor();
  await jane.person.shows(0, '[data-call]', 'nobody else’s visit is entered');
  await jane.desk.presses('contact-hang-up');
  await jane.desk.presses('contact-finish');
  await jane.desk.says(/No call is ringing/u);
  await jane.person.done();
});

test('whoever is not signed in to Amazon Connect is told so, signs in, and out again', async () => {
  const visit = await visitOfAgent(practice);
  const jane = await atDesk(visit, null);
  // The page that signs in lets itself be framed by nobody, here as at the service.
  jane.person.expected.push('X-Frame-Options');
  await jane.panelIs('silent');
  await readsInAll(jane, 'desk-panel-silent');
  await jane.person.hears('Amazon Connect does not answer.');
  await jane.desk.opens(visit);
  await jane.page.locator('#notes').waitFor();
  const [window] = await Promise.all([jane.page.waitForEvent('popup'), jane.desk.presses('panel-sign-in')]);
  await window.goto(`${new URL(window.url()).origin}/local/connect/login?agent=${agentOf(visit)}`);
  await window.close();
  await jane.desk.presses('panel-again');
  await jane.panelIs('ready');

  await jane.page.locator('.desk-frame summary').press('Enter');
  await jane.frame.getByRole('link', { name: 'Sign out' }).press('Enter');
  await jane.panelIs('silent');
  await jane.person.done();
});

test('a panel out of reach takes nothing else of the desk with it', async () => {
  const visit = await visitOfAgent(practice);
  const session = await comes(visit);
  const jane = await atDesk(visit);
  await jane.panelIs('ready');
  await jane.person.context.route('**/local/connect/ccp', (route) => route.abort());
  await jane.page.reload();
  await jane.desk.chooses(visit.clinicianId);
  await jane.panelIs('silent');
  await jane.desk.opens(visit);
  await jane.desk.presses('admit');
  await jane.desk.patient('ADMITTED').waitFor();
  assert.equal((await practice.must('GET', '/api/session', session))['status'], 'ADMITTED');
  await jane.person.context.unroute('**/local/connect/ccp');
  await jane.desk.presses('panel-again');
  await jane.panelIs('ready');
  await jane.person.done();
});

test('a panel that the deployment does not allow is said to be that', async () => {
  const visit = await visitOfAgent(practice);
  const jane = await atDesk(visit);
  jane.person.expected.push('frame-src', 'ERR_BLOCKED');
  await jane.panelIs('ready');
  await jane.person.context.route('**/config.json', async (route) => {
    const answer = await route.fetch();
    const config = (await answer.json()) as { practices: { connect?: object }[] };
    for (const one of config.practices) one.connect = { ccpUrl: 'https://elsewhere.my.connect.aws/ccp-v2/' };
    await route.fulfill({ response: answer, json: config });
  });
  await jane.page.reload();
  await jane.desk.chooses(visit.clinicianId);
  await jane.panelIs('blocked');
  await jane.desk.says(/not allowed to show the panel of https:\/\/elsewhere\.my\.connect\.aws/u);
  await readsInAll(jane, 'desk-panel-blocked');
  await jane.person.done();
});
