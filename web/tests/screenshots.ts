import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { launch, type Wanted } from './rig/browser';
import { Practice } from './rig/practice';
import { CALLS, DEMO, OTHERS, PATIENTS, type Scene } from './rig/scenes';

// A picture of each state, in each width, language and colour scheme: for somebody to look at. Names of scenes as arguments
// choose among them.

const folder = resolve(import.meta.dirname, '../screenshots');
const LOOKS: Record<string, Wanted> = {
  'en-390': {},
  'es-320-dark': { locale: 'es-US', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
  'ar-390': { locale: 'ar' },
  'en-1280': { viewport: { width: 1280, height: 800 } },
};
const SCENES: Record<string, Scene> = { ...PATIENTS, ...CALLS, ...OTHERS, demo: DEMO };

const wanted = process.argv.slice(2);
const [practice, browser] = await Promise.all([Practice.open('--media-port', '0'), launch()]);
mkdirSync(folder, { recursive: true });
try {
  for (const [look, options] of Object.entries(LOOKS)) {
    for (const [name, scene] of Object.entries(SCENES)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      await practice.forget();
      const person = await scene({ practice, browser, wanted: options });
      // A call shows its pictures a moment after it stands.
      if (name in CALLS) await person.page.waitForTimeout(4000);
      await person.page.screenshot({ path: resolve(folder, `${name}-${look}.png`), fullPage: !(name in CALLS) });
      await person.context.close();
    }
  }
  console.log(`pictures in ${folder}`);
} finally {
  await browser.close();
  practice.close();
}
