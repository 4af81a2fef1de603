import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { becomes, launch } from './rig/browser';
import { Desk, comes } from './rig/desk';
import { reads } from './rig/look';
import { Practice, type Visit } from './rig/practice';

let practice: Practice;
let browser: Browser;

before(async () => {
  [practice, browser] = await Promise.all([Practice.open(), launch()]);
});
after(async () => {
  await browser?.close();
  practice?.close();
});

const SOON = { startsIn: 60_000 };
const atDesk = (visit: Visit, wanted = {}) => Desk.of(browser, practice, visit.clinicianId, wanted);

async function notify(visit: Visit): Promise<void> {
  const body = { channel: 'both', recipientRole: 'patient', template: 'initial' };
  await practice.must('POST', `/api/visits/${visit.id}/notify`, practice.keys['secretKey'], body);
}

/** Ends the sign-in as time would: neither the token nor what renews it is taken any more. Gives what lets new ones through. */
async function signInRunsOut(page: Page): Promise<() => Promise<void>> {
  const status = 401;
  const problem = { type: 'about:blank', title: 'Sign in', status, detail: 'Please sign in.', instance: 'x', code: 'UNAUTHENTICATED' };
  await page.route('**/api/visits**', (route) => route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
  await page.route('**/local/oidc/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }));
  return () => page.unrouteAll();
}

test('whoever has no visits today is told so, in each language', async () => {
  const { person } = await Desk.of(browser, practice, 'dr-idle');
  await person.at('empty');
  await reads(person, 'desk-empty');
  for (const language of ['es', 'ar']) {
    await person.page.getByRole('combobox').selectOption(language);
    await person.page.locator(`html[lang=${language}]`).waitFor();
    await reads(person, `desk-empty-${language}`);
  }
  assert.equal(await person.page.locator('html').getAttribute('dir'), 'rtl');
  await person.done();
});

test('each arrival is heard and seen at the desk’s next look, behind another window too', async () => {
  const first = await practice.visit(SOON);
  const second = await first.another(15);
  const links = [await first.patientLink(), await second.patientLink()];
  // The later one is not open yet.
  await practice.local('clock', { set: first.made['scheduledAt'] });
  const desk = await atDesk(first);
  await desk.item(second).waitFor();
  const inFront = await desk.person.context.newPage();
  await inFront.bringToFront();
  for (const [before, visit] of [first, second].entries()) {
    await comes(visit, links[before]);
    await desk.announces(before + 1);
    await desk.person.page.locator(`[data-visit="${visit.id}"].waits`).waitFor();
    await desk.isCalled(before === 0 ? '(1) Somebody waits – Desk' : '(2) 2 people wait – Desk');
    await desk.person.hears('Ann Lee waits to be let in.');
  }
  await desk.person.page.waitForTimeout(3000);
  assert.equal(await desk.rings(), 2, 'nobody is announced twice');
  await reads(desk.person, 'desk-waiting');
  await desk.person.done();
  await practice.local('clock', { reset: true });
});

test('a patient is let in once, however often it is pressed; then taken out', async () => {
  const visit = await practice.visit(SOON);
  await notify(visit);
  const session = await comes(visit);
  const desk = await atDesk(visit);
  await desk.opens(visit);
  await desk.patient('WAITING').waitFor();
  await desk.says(/Verified by: link sent to them/u);
  await reads(desk.person, 'desk-visit-waiting');
  let asked = 0;
  desk.person.page.on('request', (request) => (asked += request.url().endsWith('/admit') ? 1 : 0));
  await desk.person.page.locator('[data-name=admit]').dblclick();
  await desk.patient('ADMITTED').waitFor();
  assert.equal(asked, 1);
  await desk.isCalled('Desk');
  assert.equal((await practice.must('GET', '/api/session', session))['status'], 'ADMITTED');
  await reads(desk.person, 'desk-admitted');
  await desk.focuses('LI', 'the keyboard goes on from the person');

  await desk.presses('remove');
  await reads(desk.person, 'desk-remove-asked');
  await desk.person.page.keyboard.press('Escape');
  await desk.person.shows(0, 'dialog');
  await desk.focuses('remove', 'and from where it was after a no');
  await desk.presses('remove');
  await desk.presses('yes');
  await desk.patient('REMOVED').waitFor();
  await reads(desk.person, 'desk-removed');
  await desk.person.done();
});

test('somebody is turned away, and comes no more', async () => {
  const visit = await practice.visit(SOON);
  const session = await comes(visit);
  const desk = await atDesk(visit);
  await desk.opens(visit);
  await desk.presses('reject');
  await reads(desk.person, 'desk-reject-asked');
  await desk.presses('yes');
  await desk.patient('REJECTED').waitFor();
  assert.equal((await practice.must('GET', '/api/session', session))['status'], 'REJECTED');
  await desk.person.done();
});

test('notes outlive a reload and a sign-in that ran out, and end the visit with their release', async () => {
  const visit = await practice.visit(SOON);
  await comes(visit);
  const desk = await atDesk(visit);
  const { page } = desk.person;
  const notes = page.locator('#notes');
  const written = 'Viral cough. Rest and fluids.';
  await desk.opens(visit);
  await desk.presses('admit');
  await desk.patient('ADMITTED').waitFor();
  await notes.fill(written);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await desk.chooses(visit.clinicianId);
  await desk.opens(visit);
  await becomes(() => notes.inputValue(), written);

  const signInHolds = await signInRunsOut(page);
  await page.locator('[data-name=renew]').waitFor();
  await reads(desk.person, 'desk-sign-in-ended');
  await becomes(() => notes.inputValue(), written);
  await signInHolds();
  const [beside] = await Promise.all([page.waitForEvent('popup'), desk.presses('renew')]);
  await desk.chooses(visit.clinicianId, 'clinician', beside).catch(() => undefined);
  await page.locator('[data-name=renew]').waitFor({ state: 'detached' });
  await becomes(() => notes.inputValue(), written);

  await desk.presses('end');
  await page.locator('input[name=release]').check();
  await reads(desk.person, 'desk-end-asked');
  await desk.presses('yes');
  await desk.person.at('ended');
  await reads(desk.person, 'desk-ended');
  const seen = await practice.must('GET', `/api/visits/${visit.id}`, await practice.token('patient', visit.patientId));
  assert.deepEqual([seen['status'], seen['notes']], ['COMPLETED', written]);
  const kept = await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith('bedside-notes')));
  assert.deepEqual(kept, [], 'nothing of the notes is left behind');
  await desk.person.done();
});

test('a visit that nobody came to ends as that, or as cancelled, and not as completed', async () => {
  const visit = await practice.visit(SOON);
  const desk = await atDesk(visit);
  await desk.opens(visit);
  await desk.presses('end');
  const reasons = await desk.person.page.locator('input[name=reason]').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  assert.deepEqual(reasons, ['no-show', 'cancelled']);
  await desk.presses('yes');
  await desk.person.at('ended');
  assert.equal((await practice.must('GET', `/api/visits/${visit.id}`, await visit.doctor()))['status'], 'NO_SHOW');
  await desk.person.done();
});

test('a visit that is closed leaves the keyboard where it was opened, where list and visit take turns too', async () => {
  const visit = await practice.visit(SOON);
  for (const viewport of [{ width: 1280, height: 900 }, { width: 390, height: 844 }]) {
    const desk = await atDesk(visit, { viewport });
    await desk.opens(visit);
    await desk.presses('close');
    await desk.person.shows(0, '#visit-title');
    assert.equal(await desk.person.page.evaluate(() => document.activeElement?.getAttribute('data-visit')), visit.id);
    await desk.person.page.keyboard.press('Enter');
    await desk.person.page.locator('#visit-title').waitFor();
    await desk.person.done();
  }
});

test('a visit that is opened from far down the list is seen', async () => {
  const day = 86_400_000;
  await practice.local('clock', { set: new Date((Math.floor((await practice.now()) / day) + 2.5) * day).toISOString() });
  const first = await practice.visit(SOON);
  let last = first;
  for (let quarter = 1; quarter < 14; quarter += 1) last = await last.another(15);
  const desk = await atDesk(first, { timezoneId: 'UTC' });
  await desk.opens(last);
  const { y, height } = (await desk.person.page.locator('#visit-title').boundingBox())!;
  assert.ok(y >= 0 && y + height <= 900, `the title is at ${y}`);
  await desk.person.done();
  await practice.local('clock', { reset: true });
});

test('before midnight the desk has the visit of the new day whose patient may come in already', async () => {
  const day = 86_400_000;
  const midnight = (Math.floor((await practice.now()) / day) + 2) * day;
  await practice.local('clock', { set: new Date(midnight - 8 * 60_000).toISOString() });
  const [soon, later] = [await practice.visit({ startsIn: 12 * 60_000 }), await practice.visit({ startsIn: 60 * 60_000 })];
  const desk = await atDesk(soon, { timezoneId: 'UTC' });
  await desk.item(soon).waitFor();
  await comes(soon);
  await desk.announces(1);
  await desk.person.done();
  // What is not open yet is on tomorrow's list.
  const other = await atDesk(later, { timezoneId: 'UTC' });
  await other.person.at('empty');
  await other.person.done();
  await practice.local('clock', { reset: true });
});

test('another clinician’s visit is not shown', async () => {
  const [own, theirs] = [await practice.visit(SOON), await practice.visit(SOON)];
  const desk = await atDesk(own);
  await desk.item(own).waitFor();
  assert.equal(await desk.item(theirs).count(), 0);
  await desk.person.done();
});

test('whether the text arrived is seen, a new link is sent, and what is refused is said in words', async () => {
  const visit = await practice.visit(SOON);
  await notify(visit);
  const desk = await atDesk(visit);
  await desk.opens(visit);
  await desk.says(/Text (sent|has arrived)/u);
  const before = (await visit.messages()).length;
  await desk.presses('resend');
  await desk.says(/A new link is on its way/u);
  await becomes(async () => (await visit.messages()).length, before + 1);
  await reads(desk.person, 'desk-resent');
  await desk.presses('resend');
  await desk.says(/asked for too often/u);
  await reads(desk.person, 'desk-resent-too-often');
  await desk.person.done();
});

test('a service that does not answer is said, and the desk goes on by itself', async () => {
  const visit = await practice.visit(SOON);
  const desk = await atDesk(visit);
  await desk.item(visit).waitFor();
  await desk.person.context.setOffline(true);
  await desk.says(/The service cannot be reached/u);
  assert.equal(await desk.item(visit).count(), 1, 'what was known stays');
  await reads(desk.person, 'desk-unreachable');
  await desk.person.context.setOffline(false);
  await desk.person.page.getByText('The service cannot be reached').waitFor({ state: 'detached' });
  await desk.person.done();
});

test('the practice’s own links open with the ids of the visit', async () => {
  const admin = await practice.token('admin');
  const tenant = await practice.must('GET', '/api/tenant', admin);
  const quickActions = [{ label: 'Chart', urlTemplate: 'https://ehr.example.com/p/{patientId}?visit={visitId}' }];
  await practice.must('PUT', '/api/tenant', admin, { ...tenant, quickActions });
  const visit = await practice.visit(SOON);
  const desk = await atDesk(visit);
  await desk.opens(visit);
  const chart = desk.person.page.getByRole('link', { name: 'Chart' });
  assert.equal(await chart.getAttribute('href'), `https://ehr.example.com/p/${visit.patientId}?visit=${visit.id}`);
  assert.match(String(await chart.getAttribute('rel')), /noopener/u);
  await reads(desk.person, 'desk-quick-actions');
  await desk.person.done();
});

test('times carry their zones, the patient’s too where it is another', async () => {
  const visit = await practice.visit(SOON);
  const desk = await atDesk(visit, { timezoneId: 'America/Los_Angeles' });
  await desk.says(/America\/Los Angeles/u);
  await desk.opens(visit);
  await desk.person.says(/Pacific Time.*For the patient it is .*Eastern Time/su);
  await desk.person.done();
});

test('the call is at the desk, and the notes below it; hung up, the visit goes on', async () => {
  const visit = await practice.visit(SOON);
  await comes(visit);
  const desk = await atDesk(visit);
  // The media server may not answer here: the call then says that it connects.
  desk.person.expected.push('WebSocket', 'ws://', 'The AudioContext');
  await desk.opens(visit);
  await desk.presses('call');
  await desk.person.page.locator('.desk-call [data-call]').waitFor();
  await reads(desk.person, 'desk-call');
  await desk.person.page.locator('#notes').fill('While talking.');
  await becomes(async () => (await visit.audit()).includes('PARTICIPANT_JOINED'), true);
  await desk.presses('leave');
  await desk.says(/The visit goes on until you end it/u);
  await desk.person.page.locator('[data-name=call]').waitFor();
  await becomes(() => desk.person.page.locator('#notes').inputValue(), 'While talking.');
  await desk.person.done();
});

test('at twice the size of text on a small phone the desk is not cut off', async () => {
  const visit = await practice.visit(SOON);
  await notify(visit);
  await comes(visit);
  const desk = await atDesk(visit, { viewport: { width: 320, height: 640 } });
  await desk.person.page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  await desk.item(visit).waitFor();
  await desk.person.reachable('the list at 200 %');
  await desk.opens(visit);
  await desk.patient('WAITING').waitFor();
  await desk.person.reachable('the visit at 200 %');
  await desk.presses('end');
  await desk.person.reachable('the end at 200 %');
  await desk.person.done();
});

test('with Amazon Connect and without its panel at the desk, the desk says where the call is', async () => {
  const connected = await Practice.open('--connect');
  const visit = await connected.visit(SOON);
  const desk = await Desk.of(browser, connected, visit.clinicianId);
  // As long as the panel is there, nobody is signed in at it.
  desk.person.expected.push('X-Frame-Options');
  await desk.item(visit).waitFor();
  await desk.person.context.route('**/config.json', async (route) => {
    const response = await route.fetch();
    const config = (await response.json()) as { practices: { connect?: object }[] };
    for (const one of config.practices) delete one.connect;
    await route.fulfill({ response, json: config });
  });
  await desk.person.page.reload();
  await desk.chooses(visit.clinicianId);
  await desk.opens(visit);
  await desk.presses('call');
  await desk.says(/Accept the contact of this visit there/u);
  await reads(desk.person, 'desk-connect');
  await desk.person.done();
  connected.close();
});

test('a desk on a day without open visits asks seldom', async () => {
  const desk = await Desk.of(browser, practice, 'dr-idle');
  await desk.person.at('empty');
  let asked = 0;
  desk.person.page.on('request', (request) => (asked += request.url().includes('/api/visits?') ? 1 : 0));
  await desk.person.page.waitForTimeout(9000);
  assert.ok(asked <= 1, `${asked} times in nine seconds`);
  await desk.person.done();
});

test('whoever is no clinician is told so', async () => {
  const { person } = await Desk.of(browser, practice, 'auditor-1', {}, 'auditor');
  await person.page.getByText('The desk is for clinicians').waitFor();
  await reads(person, 'desk-wrong-person');
  await person.done();
});
