import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, type Person } from './rig/browser';
import { Practice } from './rig/practice';
import { CALLS, OTHERS, PATIENTS, type Scene } from './rig/scenes';

// Every state, in every language, in both colour schemes, on the smallest phone and at twice the size of text.

const LANGUAGES = ['en', 'es', 'ar'];
let practice: Practice;
let browser: Browser;

before(async () => {
  [practice, browser] = await Promise.all([Practice.open(), launch()]);
});
after(async () => {
  await browser?.close();
  practice?.close();
});
beforeEach(() => practice.forget());

/** Speaks another language in the state as it stands. */
async function speaks(person: Person, language: string): Promise<void> {
  await person.page.locator('.masthead select').selectOption(language);
  await person.page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
}

async function fits(person: Person, where: string): Promise<void> {
  const { page } = person;
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await person.accessible(`${where}, light`);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await person.contrasts(`${where}, dark`);
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  await person.reachable(`${where}, 320 px`);
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  await person.reachable(`${where}, 320 px, text at 200 %`);
  await page.evaluate(() => (document.documentElement.style.fontSize = ''));
  if (before) await page.setViewportSize(before);
}

for (const [name, scene] of Object.entries({ ...PATIENTS, ...OTHERS })) {
  test(`${name} reads well in each language`, async () => {
    const person = await scene({ practice, browser, wanted: {} });
    for (const language of LANGUAGES) {
      await speaks(person, language);
      await fits(person, `${name} in ${language}`);
    }
    await person.done();
  });
}

for (const [name, scene] of Object.entries<Scene>(CALLS)) {
  for (const locale of LANGUAGES) {
    test(`${name} reads well in ${locale}`, async () => {
      const person = await scene({ practice, browser, wanted: { locale } });
      assert.equal(await person.page.locator('html').getAttribute('lang'), locale);
      await fits(person, `${name} in ${locale}`);
      await person.done();
    });
  }
}
