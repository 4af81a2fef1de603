import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { FluentResource } from '@fluent/bundle';
import type { Browser } from 'playwright-core';
import { launch, Person } from './rig/browser';
import { Practice } from './rig/practice';

const web = resolve(import.meta.dirname, '..');
const LANGUAGES = ['en', 'es', 'ar'];

function messages(language: string): Map<string, unknown> {
  const resource = new FluentResource(readFileSync(resolve(web, `texts/${language}.ftl`), 'utf8'));
  return new Map(resource.body.map((entry) => [entry.id, entry.value]));
}

/** The names of the values that a message takes. */
function values(pattern: unknown): string[] {
  const found = new Set<string>();
  JSON.stringify(pattern, (_, part: unknown) => {
    if (part && typeof part === 'object' && 'type' in part && part.type === 'var' && 'name' in part) found.add(String(part.name));
    return part;
  });
  return [...found].sort();
}

test('each language has every message, with the same values', () => {
  const english = messages('en');
  for (const language of LANGUAGES) {
    const theirs = messages(language);
    assert.deepEqual([...theirs.keys()].sort(), [...english.keys()].sort(), language);
    for (const [id, pattern] of theirs) assert.deepEqual(values(pattern), values(english.get(id)), `${language} ${id}`);
    const source = readFileSync(resolve(web, `texts/${language}.ftl`), 'utf8');
    const read = source.split('\n').filter((line) => /^[a-zA-Z]/.test(line)).length;
    assert.equal(theirs.size, read, `${language}: nothing is passed over, nothing is there twice`);
  }
});

test('every message that a page names is there, and every message is named by a page', () => {
  const sources = ['pages', 'shared', 'widget']
    .flatMap((folder) => readdirSync(resolve(web, folder), { recursive: true, encoding: 'utf8' }).map((file) => resolve(web, folder, file)))
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const english = [...messages('en').keys()];
  const whole = new Set([...sources.matchAll(/'([a-zA-Z][\w-]*)'/g)].map(([, id]) => id ?? ''));
  // Those that are put together stand for all of their form.
  const forms = [...sources.matchAll(/`((?:[\w-]+|\$\{[^`}]+\})+)`/g)].map(([, form]) => new RegExp(`^${(form ?? '').replace(/\$\{[^}]+\}/g, '[\\w-]+')}$`));
  const specific = forms.filter((form) => /[a-z]{2}-|-[a-z]{2}/.test(form.source));
  for (const [, id] of sources.matchAll(/\bt\('([^']+)'/g)) assert.ok(english.includes(id ?? ''), `${id} is named and not there`);
  const isNamed = (id: string) => whole.has(id) || specific.some((form) => form.test(id));
  // The form for other sites names its own without what they begin with.
  for (const id of english) assert.ok(isNamed(id.replace(/^widget-/, '')), `${id} is there and never named`);
});

test('what patients fetch speaks of nothing that only the desk has', () => {
  const folders = ['shared', ...readdirSync(resolve(web, 'pages')).filter((page) => page !== 'desk').map((page) => `pages/${page}`)];
  for (const folder of folders) {
    for (const file of readdirSync(resolve(web, folder), { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))) {
      assert.doesNotMatch(readFileSync(resolve(web, folder, file), 'utf8'), /\bt\(['`]desk-/, `${folder}/${file}`);
    }
  }
});

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

for (const language of ['es', 'ar']) {
  test(`from the link to the waiting room in ${language}, in its direction, without a word of English`, async () => {
    const visit = await practice.visit();
    const person = await Person.of(browser, { locale: language === 'es' ? 'es-US' : 'ar', viewport: { width: 320, height: 640 } });
    await person.page.goto(await visit.patientLink());
    await person.at('preview');
    const spoken = await person.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
    assert.deepEqual(spoken, [language, language === 'ar' ? 'rtl' : 'ltr']);
    await person.press('devices');
    await person.page.locator('[data-devices="on on"]').waitFor();
    for (const word of ['Join', 'Camera', 'Microphone', 'Your', 'Eastern Time']) {
      assert.ok(!(await person.text()).includes(word), word);
    }
    await person.accessible(`preview ${language}`);
    await person.reachable(`preview ${language}`);
    await person.press('join');
    await person.at('waiting');
    await person.accessible(`waiting ${language}`);
    await person.reachable(`waiting ${language}`);
    await person.done();
  });
}

test('the language can be chosen, holds for the next page, and the words change at once', async () => {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  await person.page.goto(await visit.patientLink());
  await person.at('preview');
  await person.page.getByLabel('Language').selectOption('es');
  await person.says('¿Todo listo para su consulta?');
  await person.page.goto(`${practice.url}/check`);
  await person.says('Probar cámara y micrófono');
  await person.done();
});

test('a language that cannot be fetched is not chosen, and the page goes on', async () => {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  await person.page.goto(await visit.patientLink());
  await person.at('preview');
  await person.context.setOffline(true);
  person.expected.push('ERR_INTERNET_DISCONNECTED');
  const picker = person.page.getByLabel('Language');
  await picker.selectOption('es');
  await person.page.waitForFunction(() => document.querySelector('select')?.value === 'en');
  await person.context.setOffline(false);
  await picker.selectOption('ar');
  await person.page.locator('html[lang=ar]').waitFor({ state: 'attached' });
  await person.done();
});

test('at twice the size of text on a small phone nothing is cut off or scrolls sideways', async () => {
  const visit = await practice.visit();
  const person = await Person.of(browser, { viewport: { width: 320, height: 640 } });
  await person.page.goto(await visit.patientLink());
  await person.at('preview');
  await person.page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  await person.reachable('200 %');
  await person.done();
});
