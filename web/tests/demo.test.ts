import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, Person } from './rig/browser';
import { reads } from './rig/look';
import { Practice } from './rig/practice';

let practice: Practice;
let browser: Browser;

before(async () => {
  [practice, browser] = await Promise.all([Practice.open(), launch()]);
});
after(async () => {
  await browser?.close();
  practice?.close();
});

async function opens(): Promise<Person> {
  const person = await Person.of(browser, { viewport: { width: 1280, height: 900 } });
  await person.page.goto(`${practice.url}/demo`);
  // What the test itself would run in every document may not run in an e-mail either.
  person.expected.push('Blocked script execution');
  return person;
}

test('a visit at the press of a button: its text and its e-mail show as their readers see them, and their links open', async () => {
  const person = await opens();
  const { page } = person;
  await page.locator('[data-name=schedule]').press('Enter');
  const bubble = page.locator('.demo-bubble a').first();
  await bubble.waitFor();
  await reads(person, 'demo');
  const link = String(await bubble.getAttribute('href'));
  assert.match(link, /\/j\/\w{8}#\w{16}$/u);
  const [visit] = await Promise.all([page.waitForEvent('popup'), bubble.press('Enter')]);
  await visit.locator('h1[data-state]').waitFor();
  assert.ok(visit.url().startsWith(`${practice.url}/j/`));
  await visit.close();

  const mail = page.frameLocator('.demo-open');
  const join = mail.getByRole('link').first();
  await join.waitFor();
  const [fromMail] = await Promise.all([page.waitForEvent('popup'), join.click()]);
  await fromMail.waitForURL(`${practice.url}/j/**`);
  await person.done();
});

test('somebody texts back from the phone: STOP, a question that nobody reads, START, and HELP, each with its answer', async () => {
  const person = await opens();
  const { page } = person;
  await page.locator('[data-name=schedule]').press('Enter');
  await page.locator('.demo-bubble a').first().waitFor();
  const replies = async (text: string, heard: string, answer?: RegExp) => {
    await page.locator('input[name=reply]').fill(text);
    await page.keyboard.press('Enter');
    await page.locator(`[data-heard=${heard}]`, { hasText: text }).first().waitFor();
    if (answer) await page.locator('[data-text] .demo-bubble', { hasText: answer }).first().waitFor();
  };
  await replies('STOP', 'stopped', /no more texts|will not get|stopped/iu);
  await reads(person, 'demo-replied');
  await replies('When is it?', 'nothing');
  await replies('START', 'started');
  await replies('HELP', 'helped', /\(?212\)?.?555.?0100/u);
  await person.done();
});

test('an e-mail can run nothing and fetch nothing', async () => {
  const { messages } = await practice.must('GET', '/local/messages', null);
  const mail = (messages as { id: string; channel: string }[]).find(({ channel }) => channel === 'email');
  const answer = await fetch(`${practice.url}/local/messages/${mail?.id}/email`);
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'.*sandbox/u);
  assert.doesNotMatch(answer.headers.get('content-security-policy') ?? '', /allow-scripts|allow-same-origin/u);
});

test('clock and faults are moved by buttons', async () => {
  const person = await opens();
  const { page } = person;
  const before = await practice.now();
  await page.getByRole('button', { name: '+ 1 hour' }).press('Enter');
  await page.getByText('The clock was moved').waitFor();
  assert.ok((await practice.now()) - before >= 3_600_000);
  await page.getByRole('button', { name: 'Real time' }).press('Enter');
  await page.getByText('The clock shows the real time').waitFor();
  await page.getByRole('button', { name: 'Texts cannot be sent' }).press('Enter');
  await page.locator('[data-faults="1"]').waitFor();
  await page.getByRole('button', { name: 'Clear all faults' }).press('Enter');
  await page.locator('[data-faults="0"]').waitFor({ state: 'attached' });
  await person.done();
});

test('nothing of the laptop’s own page is in what is deployed', { timeout: 120_000 }, () => {
  const web = resolve(import.meta.dirname, '..');
  execFileSync('npm', ['run', '--silent', 'build:cloud'], { cwd: web, stdio: 'pipe' });
  const cloud = resolve(web, 'dist/cloud');
  assert.ok(existsSync(resolve(cloud, 'desk/index.html')) && existsSync(resolve(cloud, 'widget.js')));
  assert.ok(!existsSync(resolve(cloud, 'demo')));
  const scripts = readdirSync(cloud, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  const told = scripts.filter((file) => readFileSync(resolve(cloud, file), 'utf8').includes('/local/'));
  assert.deepEqual(told, [], 'no deployed script knows a control of the laptop');
});

test('the laptop’s page says that the laptop is gone, and goes on when it is back', async () => {
  const person = await opens();
  const { page } = person;
  await page.locator('.demo-phone').waitFor();
  await page.context().setOffline(true);
  await page.getByText('The laptop does not answer').waitFor();
  await page.context().setOffline(false);
  await page.getByText('The laptop does not answer').waitFor({ state: 'detached' });
});
