import type { Browser } from 'playwright-core';
import { Person } from '../rig/browser';
import type { Practice } from '../rig/practice';

/**
 * How long a call takes from when the Chime client is started, which opens its socket at once, until it says that it is
 * connected; in milliseconds, by the page's own clock.
 */
export async function connects(browser: Browser, practice: Practice): Promise<number> {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  await person.context.addInitScript(() => {
    const Real = globalThis.WebSocket;
    const times = { begun: 0, connected: 0 };
    Object.assign(globalThis, {
      times,
      WebSocket: class extends Real {
        constructor(...given: ConstructorParameters<typeof Real>) {
          super(...given);
          times.begun ||= performance.now();
        }
      },
    });
    new MutationObserver(() => {
      if (document.querySelector('[data-call=connected]')) times.connected ||= performance.now();
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await person.page.goto(await visit.patientLink());
  await person.at('preview');
  await person.press('join');
  await person.at('waiting');
  await visit.clinicianStarts();
  await visit.desk('admit');
  await person.page.locator('[data-call=connected]').waitFor({ timeout: 30_000 });
  const took = await person.page.evaluate(() => {
    const { begun, connected } = (globalThis as unknown as { times: { begun: number; connected: number } }).times;
    return connected - begun;
  });
  await person.context.close();
  return took;
}
