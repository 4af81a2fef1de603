import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { CONSENT_VERSION } from '../widget/draft';
import { catalogue } from '../widget/catalogue';
import { becomes, launch, Person, type Wanted } from './rig/browser';
import { reads } from './rig/look';
import { Practice } from './rig/practice';

const PHONE = '+12125550187';
let practice: Practice;
let browser: Browser;
/** A lander's site: another origin, with a strict policy of its own. */
let site: Server;
let origin: string;
let attributes = '';
let clinicianId = '';
/** What the page holds; without it, the form. */
let body = '';

const form = (): string => `<bedside-schedule ${attributes}><option value="${clinicianId}">Dr. Jane Rivera</option></bedside-schedule>`;

/** A page as any site has it. */
function pageOf(language: string): string {
  return `<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><title>A lander</title><link rel="icon" href="data:,">
    <meta name="viewport" content="width=device-width, initial-scale=1">${body ? '' : `<script src="${practice.url}/widget.js" async></script>`}</head>
    <body><main><h1>Lakeside</h1>${body || form()}</main></body></html>`;
}

before(async () => {
  [practice, browser] = await Promise.all([Practice.open(), launch()]);
  clinicianId = practice.keys['clinicianId'];
  site = createServer((request, response) => {
    const policy = `default-src 'none'; style-src-attr 'unsafe-inline'; script-src ${practice.url} 'nonce-guide'; connect-src ${practice.url}; img-src data:`;
    response.setHeader('content-type', 'text/html; charset=utf-8').setHeader('content-security-policy', policy);
    response.end(pageOf(new URL(request.url ?? '/', 'http://x').searchParams.get('lang') ?? 'en'));
  });
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
after(async () => {
  await browser?.close();
  site?.close();
  practice?.close();
});
beforeEach(async () => {
  body = '';
  await practice.local('reset');
  const wanted = { kind: 'publishable', label: 'Lakeside', origins: [origin], clinicianIds: [clinicianId] };
  const { key } = await practice.must('POST', '/api/keys', await practice.token('admin'), wanted);
  attributes = `key="${key}" practice="Lakeside Practice" phone="+1 212 555 0100" privacy="/privacy" timezone="America/New_York" days="1 2 3 4 5 6 7"`;
});

async function visits(url: string, wanted: Wanted = {}): Promise<Person> {
  const person = await Person.of(browser, wanted);
  await person.page.goto(url);
  return person;
}

const embedded = (query = '', wanted: Wanted = {}): Promise<Person> => visits(`${origin}/${query}`, wanted);
const texts = async (): Promise<{ text: string; links: string[] }[]> =>
  (await practice.must('GET', `/local/messages?to=${encodeURIComponent(PHONE)}`, null))['messages'];
const field = (page: Page, name: string) => page.locator(`bedside-schedule #${name}`);
const button = (page: Page) => page.locator('bedside-schedule button[type=submit]');

/** Types what the form asks for, with nothing but the keyboard. */
async function fill(page: Page, wishes: { phone?: string; state?: string; nth?: number } = {}): Promise<void> {
  await field(page, 'givenName').focus();
  await page.keyboard.type('Maria');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Gomez');
  await page.keyboard.press('Tab');
  await page.keyboard.type(wishes.phone ?? '(212) 555-0187');
  await field(page, 'state').selectOption(wishes.state ?? 'NY');
  await field(page, 'day').selectOption({ index: 1 });
  await field(page, 'at').selectOption({ index: wishes.nth ?? 3 });
  for (const name of ['sms', 'telehealth']) if (!(await field(page, name).isChecked())) await field(page, name).press('Space');
}

async function code(): Promise<string> {
  const [text] = await texts();
  const [, digits] = /\b(\d{6})\b/.exec(text?.text ?? '') ?? [];
  assert.ok(digits, 'the code was texted');
  return digits;
}

test('somebody books from a lander’s page of another origin by the keyboard, with the code from their phone', async () => {
  const person = await embedded();
  const { page } = person;
  await page.evaluate(() => document.addEventListener('bedside:confirmed', (event) => ((globalThis as { told?: unknown }).told = (event as CustomEvent).detail)));
  await field(page, 'givenName').waitFor();
  await reads(person, 'widget-form');
  await fill(page);
  const chosen = await field(page, 'at').evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.textContent);
  assert.match(String(chosen), /[AP]M E[SD]T$/u, 'times carry the zone');
  await button(page).press('Enter');
  await field(page, 'code').waitFor();
  await reads(person, 'widget-code');
  await becomes(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.tagName), 'H2', 'the keyboard begins at the new heading');
  await field(page, 'code').fill('000000');
  const right = await code();
  if (right !== '000000') {
    await button(page).press('Enter');
    await page.getByText(/That is not the code.*4/u).waitFor();
    await reads(person, 'widget-code-wrong');
  }
  await field(page, 'code').fill(right);
  await button(page).press('Enter');
  await page.getByText('Your visit is booked').waitFor();
  await reads(person, 'widget-booked');
  assert.match(String(await page.locator('bedside-schedule .moment').textContent()), /Eastern (Standard|Daylight) Time/u);
  const told = await page.evaluate(() => (globalThis as { told?: Record<string, unknown> }).told ?? {});
  assert.deepEqual(Object.keys(told).sort(), ['duration', 'scheduledAt', 'visitId'], 'the page is told nothing of the patient');
  const visit = await practice.must('GET', `/api/visits/${told['visitId']}`, await practice.token('admin'));
  assert.deepEqual([visit['status'], visit['scheduledAt']], ['SCHEDULED', told['scheduledAt']]);
  const [link] = await texts();
  assert.match(link?.links[0] ?? '', /\/j\/\w{8}#\w{16}$/u);
  await person.done();
});

test('what is not right is said beside its field, and the keyboard is led there', async () => {
  const person = await embedded();
  const { page } = person;
  await field(page, 'givenName').waitFor();
  await field(page, 'phone').fill('212-CALL-ME');
  await button(page).press('Enter');
  await page.getByText('Please look at the fields that are marked.').waitFor();
  await reads(person, 'widget-wrong');
  await becomes(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.id), 'givenName');
  for (const name of ['givenName', 'familyName', 'phone', 'state', 'at', 'sms', 'telehealth']) {
    const described = await field(page, name).getAttribute('aria-describedby');
    assert.match(String(described), new RegExp(`${name}-wrong`, 'u'), name);
    assert.equal(await field(page, name).getAttribute('aria-invalid'), 'true', name);
  }
  assert.equal(await field(page, 'phone').inputValue(), '212-CALL-ME', 'what was typed stays');
  // The API finds what the form cannot know: a number that nobody has.
  await fill(page, { phone: '' });
  await field(page, 'phone').fill('123 456 7890');
  await button(page).press('Enter');
  await page.locator('bedside-schedule #phone-wrong').waitFor();
  await person.done();
});

test('a time that was taken meanwhile is said, and no longer offered; a state without licence too', async () => {
  const person = await embedded();
  const { page } = person;
  await field(page, 'givenName').waitFor();
  await fill(page, { nth: 4 });
  const at = await field(page, 'at').inputValue();
  await practice.must('POST', '/api/visits', practice.keys['secretKey'], { patientId: practice.keys['patientId'], clinicianId, scheduledAt: at, duration: 30 });
  await button(page).press('Enter');
  await page.getByText('This time has just been taken').waitFor();
  await reads(person, 'widget-taken');
  await becomes(() => field(page, 'at').locator(`option[value="${at}"]`).count(), 0);
  await fill(page, { state: 'CA', nth: 2 });
  await button(page).press('Enter');
  await page.getByText('may not see patients in this state').waitFor();
  await field(page, 'state').selectOption('NJ');
  await button(page).press('Enter');
  await field(page, 'code').waitFor();
  await person.done();
});

test('pressing twice asks once, and an answer that was lost is asked for again under the same key', async () => {
  const person = await embedded();
  const { page } = person;
  await field(page, 'givenName').waitFor();
  await fill(page);
  const keys: (string | undefined)[] = [];
  await page.route('**/api/schedule', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await button(page).dblclick();
  await field(page, 'code').waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal((await texts()).length, 1, 'one code was sent');
});

test('a code that is no longer good leads back to the form, where everything still stands', async () => {
  const person = await embedded();
  const { page } = person;
  await field(page, 'givenName').waitFor();
  await fill(page);
  await button(page).press('Enter');
  await field(page, 'code').waitFor();
  await practice.local('clock', { advance: 'PT11M' });
  await field(page, 'code').fill('123456');
  await button(page).press('Enter');
  await page.getByText('This code no longer works').waitFor();
  await reads(person, 'widget-code-expired');
  await page.locator('bedside-schedule button.second').press('Enter');
  assert.equal(await field(page, 'familyName').inputValue(), 'Gomez');
  await practice.local('clock', { reset: true });
});

test('the form speaks the page’s language, from right to left too', async () => {
  for (const [language, title] of [['es', 'Sobre usted'], ['ar', 'عنك']] as const) {
    const person = await embedded(`?lang=${language}`, { colorScheme: 'dark' });
  const { page } = person;
    await page.getByText(title).waitFor();
    await reads(person, `widget-form-${language}`);
    assert.equal(await page.locator('bedside-schedule div').first().getAttribute('dir'), language === 'ar' ? 'rtl' : 'ltr');
    await person.done();
  }
});

test('on a dark page the form is dark', async () => {
  attributes += ' style="color-scheme: dark; background: Canvas"';
  const person = await embedded();
  const { page } = person;
  await field(page, 'givenName').waitFor();
  await reads(person, 'widget-form-dark');
  assert.equal(await page.locator('bedside-schedule div.dark').count(), 1);
});

test('a framework that keeps `key` for itself gives it by its other name', async () => {
  attributes = attributes.replace('key=', 'publishable-key=');
  const person = await embedded();
  await field(person.page, 'givenName').waitFor();
  await person.done();
});

test('a form without a key says that it takes nothing, and whom to call', async () => {
  attributes = 'practice="Lakeside Practice"';
  const person = await embedded();
  const { page } = person;
  await page.getByText('This form cannot take requests').waitFor();
});

test('the example page at the root has the form, and the ways in', async () => {
  const person = await visits(practice.url);
  const { page } = person;
  await field(page, 'givenName').waitFor();
  await reads(person, 'lander');
  await page.setViewportSize({ width: 320, height: 640 });
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  await person.reachable('the form at 200 %');
  await page.getByRole('combobox').first().selectOption('ar');
  await page.getByText('عنك').waitFor();
  await reads(person, 'lander-ar');
  await person.done();
});

/** The examples of `docs/integrate.md` in a language, with this laptop's address and keys in place of theirs. */
function examples(language: string): string[] {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs/integrate.md'), 'utf8');
  const found = [...text.matchAll(new RegExp('```' + language + '\\n([^]*?)```', 'gu'))].map(([, code]) => code ?? '');
  const [, key] = /key="(\w+)"/u.exec(attributes) ?? [];
  return found.map((code) => code.replaceAll('https://visit.example.com', practice.url).replaceAll('bpk_your_key', String(key)).replaceAll('"c-3"', `"${clinicianId}"`));
}

test('the page and the events of the guide work as they stand there', async () => {
  const [page, events] = examples('html');
  body = `${page}${events}`.replaceAll('<script>', '<script nonce="guide">');
  const person = await embedded();
  await field(person.page, 'givenName').waitFor();
  await person.page.locator('bedside-schedule legend', { hasText: /When do you want to see \W?Dr. Jane Rivera/u }).waitFor();
  const told: string[] = [];
  person.page.on('console', (message) => told.push(message.text()));
  await fill(person.page);
  await button(person.page).press('Enter');
  await field(person.page, 'code').waitFor();
  await field(person.page, 'code').fill(await code());
  await button(person.page).press('Enter');
  await person.page.getByText('Your visit is booked').waitFor();
  assert.deepEqual(told.map((line) => line.split(' for ')[0]), ['a code was sent', 'booked']);
  await person.done();
});

test('the server of the guide books and sends the links, once for a booking', async () => {
  const folder = mkdtempSync(resolve(tmpdir(), 'bedside-guide-'));
  const file = resolve(folder, 'book.mjs');
  writeFileSync(file, examples('js')[0] ?? '');
  process.env['BEDSIDE_SECRET_KEY'] = practice.keys['secretKey'];
  const { book } = (await import(pathToFileURL(file).href)) as { book: (...given: unknown[]) => Promise<{ visitId: string; sent: { sms: { status: string } } }> };
  const patient = { patientId: 'p-17', givenName: 'Ada', familyName: 'Example', phone: PHONE, state: 'NY' };
  const at = new Date(Math.ceil((await practice.now()) / 300_000) * 300_000 + 600_000).toISOString();
  const booked = await book('booking-4711', patient, clinicianId, at);
  assert.equal(booked.sent.sms.status, 'sent');
  assert.equal((await book('booking-4711', patient, clinicianId, at)).visitId, booked.visitId);
  assert.equal((await texts()).length, 1);
  rmSync(folder, { recursive: true });
});

test('the form is small', async () => {
  const script = Buffer.from(await (await fetch(`${practice.url}/widget.js`)).arrayBuffer());
  const size = gzipSync(script, { level: 9 }).length;
  assert.ok(size <= 20_000, `${size} bytes`);
});

test('the words of the consents and their version change together', () => {
  const words = Object.entries(catalogue()).map(([language, said]) => [language, said['consent-sms'], said['consent-telehealth']]);
  const mark = createHash('sha256').update(JSON.stringify(words.sort())).digest('hex').slice(0, 16);
  assert.deepEqual([CONSENT_VERSION, mark], ['2026-11', '50df4f23bc035495']);
});
