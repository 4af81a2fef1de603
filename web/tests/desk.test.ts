import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { Laptop, type Watched, launch, open } from './practice';
import { fits, readable } from './reading';

let laptop: Laptop;
let browser: Browser;

before(async () => {
  [laptop, browser] = await Promise.all([Laptop.start(), launch()]);
});
after(async () => {
  await browser?.close();
  laptop?.stop();
});
beforeEach(async () => {
  await laptop.ask('POST', '/local/reset', {});
});

/** Counts what is rung: each sound is two notes. */
const COUNT = `(() => {
  const start = OscillatorNode.prototype.start;
  window.rung = 0;
  OscillatorNode.prototype.start = function (...given) { window.rung += 1; return start.apply(this, given); };
})()`;

const rung = async (page: Page): Promise<number> => (await page.evaluate<number>('window.rung')) / 2;

/** Somebody at their desk, signed in by the keyboard. */
async function atDesk(options: Parameters<typeof open>[2] = {}, who = laptop.keys.clinicianId): Promise<Watched> {
  const desk = await open(browser, 'about:blank', options);
  await desk.page.context().addInitScript(COUNT);
  await desk.page.goto(`${laptop.url}/desk`);
  await desk.page.locator('[data-name=sign-in]').press('Enter');
  const choice = desk.page.getByRole('link', { name: laptop.keys.clinicianId });
  await choice.waitFor();
  if (who !== laptop.keys.clinicianId) {
    const href = await choice.getAttribute('href');
    await desk.page.goto(new URL(`${href}&sub=${who}`, desk.page.url()).href);
  } else {
    await choice.press('Enter');
  }
  await desk.page.locator('.desk').waitFor();
  return desk;
}

const person = (page: Page, status: string) => page.locator(`.desk-person[data-role=patient][data-status=${status}]`);

async function openVisit(page: Page, visitId: string): Promise<void> {
  await page.locator(`[data-visit="${visitId}"]`).press('Enter');
  await page.locator('#visit-title').waitFor();
}

/** Ends the sign-in as time would: neither the token nor what renews it is taken any more. Gives what lets new ones through. */
async function signInRunsOut(page: Page): Promise<() => Promise<void>> {
  const status = 401;
  const problem = { type: 'about:blank', title: 'Sign in', status, detail: 'Please sign in.', instance: 'x', code: 'UNAUTHENTICATED' };
  await page.route('**/api/visits**', (route) => route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
  await page.route('**/local/oidc/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant' } }));
  return () => page.unrouteAll();
}

test('whoever has no visits today is told so, and the page reads well in each language', async () => {
  const { page, faults } = await atDesk();
  await page.locator('[data-state=empty]').waitFor();
  await readable(page, 'desk-empty');
  for (const language of ['es', 'ar']) {
    await page.getByRole('combobox').selectOption(language);
    await page.locator(`html[lang=${language}]`).waitFor();
    await readable(page, `desk-empty-${language}`);
  }
  assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
  await fits(page, 320);
  assert.deepEqual(faults, []);
});

test('each arrival is heard and seen within four seconds, behind another window too', async () => {
  const first = await laptop.visit();
  const second = await laptop.visit();
  const { page, faults } = await atDesk();
  await page.locator(`[data-visit="${second.visitId}"]`).waitFor();
  const inFront = await page.context().newPage();
  await inFront.bringToFront();
  for (const [count, visit] of [first, second].entries()) {
    const came = Date.now();
    await laptop.come(visit.visitId, visit.patientLink);
    await page.waitForFunction((notes) => (globalThis as unknown as { rung: number }).rung >= notes, (count + 1) * 2, { polling: 50 });
    const took = Date.now() - came;
    assert.ok(took < 4000, `it took ${took} ms`);
    await page.locator(`[data-visit="${visit.visitId}"].waits`).waitFor();
    assert.match(await page.title(), count === 0 ? /^\(\W?1\W?\)\W+Somebody waits/u : /^\(\W?2\W?\)\W+2\W+people wait/u);
    assert.match(String(await page.locator('[data-announced=at-once]').textContent()), /Ann.? waits to be let in/u);
  }
  await page.waitForTimeout(3000);
  assert.equal(await rung(page), 2, 'nobody is announced twice');
  await readable(page, 'desk-waiting');
  assert.deepEqual(faults, []);
});

test('a patient is let in by the keyboard, once, however often it is pressed; then taken out', async () => {
  const { visitId, patientLink } = await laptop.visit();
  await laptop.notify(visitId);
  const room = await laptop.come(visitId, patientLink);
  const { page, faults } = await atDesk();
  await openVisit(page, visitId);
  await person(page, 'WAITING').waitFor();
  assert.match(String(await person(page, 'WAITING').textContent()), /Verified by: .?link sent to them/u);
  await readable(page, 'desk-visit-waiting');
  let asked = 0;
  page.on('request', (request) => (asked += request.url().endsWith('/admit') ? 1 : 0));
  await page.locator('[data-name=admit]').dblclick();
  await person(page, 'ADMITTED').waitFor();
  assert.equal(asked, 1);
  assert.match(await page.title(), /^Desk/u);
  const session = await laptop.ask<{ status: string }>('GET', '/api/session', undefined, { authorization: `Bearer ${room.visitSession.sessionToken}` });
  assert.equal(session.status, 'ADMITTED');

  await page.locator('[data-name=remove]').press('Enter');
  await readable(page, 'desk-remove-asked');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog').count(), 0);
  await page.locator('[data-name=remove]').press('Enter');
  await page.locator('[data-name=yes]').press('Enter');
  await person(page, 'REMOVED').waitFor();
  await readable(page, 'desk-removed');
  assert.deepEqual(faults, []);
});

test('somebody is turned away, and comes no more', async () => {
  const { visitId, patientLink } = await laptop.visit();
  const room = await laptop.come(visitId, patientLink);
  const { page } = await atDesk();
  await openVisit(page, visitId);
  await page.locator('[data-name=reject]').press('Enter');
  await page.locator('[data-name=yes]').press('Enter');
  await person(page, 'REJECTED').waitFor();
  const session = await laptop.ask<{ status: string }>('GET', '/api/session', undefined, { authorization: `Bearer ${room.visitSession.sessionToken}` });
  assert.equal(session.status, 'REJECTED');
});

test('notes outlive a reload and a sign-in that ran out, and end the visit with their release', async () => {
  const { visitId, patientLink } = await laptop.visit({ duration: 30 });
  await laptop.come(visitId, patientLink);
  const { page, faults } = await atDesk();
  await openVisit(page, visitId);
  await page.locator('[data-name=admit]').press('Enter');
  await person(page, 'ADMITTED').waitFor();
  await page.locator('#notes').fill('Viral cough. Rest and fluids.');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.getByRole('link', { name: laptop.keys.clinicianId }).press('Enter');
  await openVisit(page, visitId);
  assert.equal(await page.locator('#notes').inputValue(), 'Viral cough. Rest and fluids.');

  const signInHolds = await signInRunsOut(page);
  await page.locator('[data-name=renew]').waitFor();
  await readable(page, 'desk-sign-in-ended');
  assert.equal(await page.locator('#notes').inputValue(), 'Viral cough. Rest and fluids.');
  await signInHolds();
  const [beside] = await Promise.all([page.waitForEvent('popup'), page.locator('[data-name=renew]').press('Enter')]);
  await beside.getByRole('link', { name: laptop.keys.clinicianId }).click();
  await page.locator('[data-name=renew]').waitFor({ state: 'detached' });
  assert.equal(await page.locator('#notes').inputValue(), 'Viral cough. Rest and fluids.');

  await page.locator('[data-name=end]').press('Enter');
  await page.locator('input[name=release]').check();
  await readable(page, 'desk-end-asked');
  await page.locator('[data-name=yes]').press('Enter');
  await page.locator('[data-state=ended]').waitFor();
  await readable(page, 'desk-ended');
  const seen = await laptop.ask<{ status: string; notes?: string }>('GET', `/api/visits/${visitId}`, undefined, await laptop.bearer('patient'));
  assert.deepEqual([seen.status, seen.notes], ['COMPLETED', 'Viral cough. Rest and fluids.']);
  const kept = await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith('bedside-notes')));
  assert.deepEqual(kept, [], 'nothing of the notes is left behind');
  assert.deepEqual(faults, []);
});

test('a visit that nobody came to ends as that, or as cancelled, and not as completed', async () => {
  const { visitId } = await laptop.visit();
  const { page } = await atDesk();
  await openVisit(page, visitId);
  await page.locator('[data-name=end]').press('Enter');
  const reasons = await page.locator('input[name=reason]').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  assert.deepEqual(reasons, ['no-show', 'cancelled']);
  await page.locator('[data-name=yes]').press('Enter');
  await page.locator('[data-state=ended]').waitFor();
  const { status } = await laptop.ask<{ status: string }>('GET', `/api/visits/${visitId}`, undefined, await laptop.bearer('clinician'));
  assert.equal(status, 'NO_SHOW');
});

test('another clinician’s visit is not shown', async () => {
  const admin = await laptop.bearer('admin');
  const colleague = { givenName: 'Sam', familyName: 'Okafor', title: 'Dr.', email: 'sam@example.com', phone: '+12125550144', licensedStates: ['NY'], timezone: 'America/New_York' };
  await laptop.ask('PUT', '/api/clinicians/dr-sam', colleague, admin);
  const theirs = await laptop.visit({ clinicianId: 'dr-sam' });
  const own = await laptop.visit();
  const { page } = await atDesk();
  await page.locator(`[data-visit="${own.visitId}"]`).waitFor();
  assert.equal(await page.locator(`[data-visit="${theirs.visitId}"]`).count(), 0);
  const sam = await atDesk({}, 'dr-sam');
  await sam.page.locator(`[data-visit="${theirs.visitId}"]`).waitFor();
  assert.equal(await sam.page.locator(`[data-visit="${own.visitId}"]`).count(), 0);
});

test('whether the text arrived is seen, a new link is sent, and what fails is said in words', async () => {
  const { visitId } = await laptop.visit();
  await laptop.notify(visitId);
  const { page, faults } = await atDesk();
  await openVisit(page, visitId);
  await page.getByText(/Text.* sent/u).first().waitFor();
  await page.locator('[data-name=resend]').press('Enter');
  await page.getByText('A new link is on its way', { exact: false }).first().waitFor();
  await readable(page, 'desk-resent');
  await page.locator('[data-name=resend]').press('Enter');
  await page.getByText('asked for too often', { exact: false }).waitFor();
  await readable(page, 'desk-resent-too-often');
  assert.deepEqual(faults, []);
});

test('a service that does not answer is said, and the desk goes on by itself', async () => {
  await laptop.visit();
  const { page } = await atDesk();
  await page.locator('.desk-item').waitFor();
  await page.context().setOffline(true);
  await page.getByText('The service cannot be reached', { exact: false }).waitFor();
  assert.equal(await page.locator('.desk-item').count(), 1, 'what was known stays');
  await readable(page, 'desk-unreachable');
  await page.context().setOffline(false);
  await page.getByText('The service cannot be reached', { exact: false }).waitFor({ state: 'detached' });
});

test('the practice’s own links open with the ids of the visit', async () => {
  const admin = await laptop.bearer('admin');
  const tenant = await laptop.ask<Record<string, unknown>>('GET', '/api/tenant', undefined, admin);
  const quickActions = [{ label: 'Chart', urlTemplate: 'https://ehr.example.com/p/{patientId}?visit={visitId}' }];
  await laptop.ask('PUT', '/api/tenant', { ...tenant, quickActions }, admin);
  const { visitId } = await laptop.visit();
  const { page } = await atDesk();
  await openVisit(page, visitId);
  const chart = page.getByRole('link', { name: 'Chart' });
  assert.equal(await chart.getAttribute('href'), `https://ehr.example.com/p/${laptop.keys.patientId}?visit=${visitId}`);
  assert.match(String(await chart.getAttribute('rel')), /noopener/u);
});

test('times carry their zones, the patient’s too where it is another', async () => {
  const { visitId } = await laptop.visit();
  const { page } = await atDesk({ timezoneId: 'America/Los_Angeles' });
  await page.getByText('America/Los Angeles', { exact: false }).waitFor();
  await openVisit(page, visitId);
  assert.match(String(await page.locator('.desk-visit').textContent()), /Pacific Time.*For the patient it is .*Eastern Time/su);
});

test('whoever is no clinician is told so', async () => {
  const { page } = await open(browser, `${laptop.url}/desk`);
  await page.locator('[data-name=sign-in]').click();
  const auditor = await page.getByRole('link', { name: laptop.keys.clinicianId }).getAttribute('href');
  await page.goto(new URL(String(auditor).replace('role=clinician', 'role=auditor'), page.url()).href);
  await page.getByText('The desk is for clinicians', { exact: false }).waitFor();
  await readable(page, 'desk-wrong-person');
});
