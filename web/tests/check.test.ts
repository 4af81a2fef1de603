import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, Person } from './rig/browser';
import { Practice } from './rig/practice';

let practice: Practice;
let browser: Browser;

before(async () => {
  [practice, browser] = await Promise.all([Practice.open(), launch()]);
});
after(async () => {
  await browser.close();
  practice.close();
});

test('browser, network, camera and microphone are found good, and the page says: ready', async () => {
  const person = await Person.of(browser);
  await person.page.goto(`${practice.url}/check`);
  await person.at('check');
  await person.page.locator('[data-network="good"]').waitFor();
  await person.accessible('check');
  await person.press('devices');
  await person.page.locator('[data-verdict="ready"]').waitFor();
  await person.accessible('ready');
  await person.reachable('ready');
  await person.hears('You are ready for your visit.');
  await person.press('sound');
  await person.done();
});

test('without a network, and in an app, it says what is wrong and what to do', async () => {
  const person = await Person.of(browser, { userAgent: 'Mozilla/5.0 (Linux; Android 15; wv) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 [FB_IAB/FB4A]' });
  await person.page.route('**/api/health', (route) => route.abort());
  person.expected.push('ERR_FAILED');
  await person.page.goto(`${practice.url}/check`);
  await person.page.locator('[data-network="none"]').waitFor();
  await person.page.locator('[data-browser="bad"]').waitFor();
  await person.accessible('nothing good');
  await person.page.unroute('**/api/health');
  await person.press('network-again');
  await person.page.locator('[data-network="good"]').waitFor();
  await person.done();
});
