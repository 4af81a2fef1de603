import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { launch, Person, type Wanted } from './rig/browser';
import { Practice, type Visit } from './rig/practice';

// A picture of each state, in each width, language and colour scheme: for somebody to look at.

const folder = resolve(import.meta.dirname, '../screenshots');
const LOOKS: Record<string, Wanted> = {
  'en-390': {},
  'es-320-dark': { locale: 'es-US', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
  'ar-390': { locale: 'ar' },
  'en-1280': { viewport: { width: 1280, height: 800 } },
};

type Scene = [name: string, act: (person: Person, visit: Visit) => Promise<void>];

const waits = async (person: Person, visit: Visit) => {
  await person.page.goto(await visit.patientLink());
  await person.at('preview');
  await person.press('join');
  await person.at('waiting');
};

const SCENES: Scene[] = [
  ['preview', async (person, visit) => {
    await person.page.goto(await visit.patientLink());
    await person.at('preview');
  }],
  ['preview-devices', async (person, visit) => {
    await person.page.goto(await visit.patientLink());
    await person.at('preview');
    await person.press('devices');
    await person.page.locator('[data-devices="on on"]').waitFor();
  }],
  ['preview-refused', async (person, visit) => {
    await person.page.goto(await visit.patientLink());
    await person.at('preview');
    await person.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await person.press('devices');
    await person.page.locator('[data-devices]').waitFor();
  }],
  ['dead', async (person, visit) => {
    const old = await visit.patientLink();
    await visit.links();
    await person.page.goto(old);
    await person.at('dead');
  }],
  ['invalid', async (person, visit) => {
    await person.page.goto((await visit.patientLink()).replace(/#.*/, '#AAAAAAAAAAAAAAAA'));
    await person.at('invalid');
  }],
  ['waiting', waits],
  ['code', async (person) => {
    const strict = await person.practice!.visit({ access: { preset: 'strict' } });
    await person.page.goto(await strict.patientLink());
    await person.at('preview');
    await person.press('join');
    await person.at('proving-sms-otp');
    await person.press('send');
    await person.page.locator('input[name=digits]').waitFor();
  }],
  ['call', async (person, visit) => {
    await person.page.goto(await visit.patientLink());
    await person.at('preview');
    await person.press('devices');
    await person.page.locator('[data-devices="on on"]').waitFor();
    await person.press('join');
    await person.at('waiting');
    await visit.clinicianStarts();
    await visit.desk('admit');
    await person.page.locator('[data-call]').waitFor();
    await person.page.waitForTimeout(2500);
  }],
  ['ended', async (person, visit) => {
    await waits(person, visit);
    await visit.clinicianStarts();
    await visit.end();
    await person.at('over-ended');
  }],
  ['early', async (person) => {
    const later = await person.practice!.visit({ startsIn: 3 * 3_600_000 });
    await person.page.goto(await later.patientLink());
    await person.at('early');
  }],
  ['check', async (person) => {
    await person.page.goto(`${person.practice!.url}/check`);
    await person.page.locator('[data-network="good"]').waitFor();
    await person.press('devices');
    await person.page.locator('[data-devices="on on"]').waitFor();
  }],
  ['portal', async (person, visit) => {
    await person.page.goto(`${person.practice!.url}/portal`);
    await person.at('signed-out');
    await person.press('sign-in');
    await person.page.waitForURL(/authorize/);
    await person.page.goto(`${person.page.url()}&role=patient&sub=${visit.patientId}`);
    await person.at('visits');
  }],
];

const wanted = process.argv.slice(2);
const [practice, browser] = await Promise.all([Practice.open(), launch()]);
mkdirSync(folder, { recursive: true });
try {
  for (const [look, options] of Object.entries(LOOKS)) {
    for (const [scene, act] of SCENES) {
      if (wanted.length > 0 && !wanted.includes(scene)) continue;
      await practice.forget();
      const person = await Person.of(browser, options);
      person.practice = practice;
      await act(person, await practice.visit());
      await person.page.screenshot({ path: resolve(folder, `${scene}-${look}.png`), fullPage: scene !== 'call' });
      await person.context.close();
    }
  }
  console.log(`pictures in ${folder}`);
} finally {
  await browser.close();
  practice.close();
}
