import type { Browser } from 'playwright-core';
import { Person } from '../rig/browser';
import type { Practice } from '../rig/practice';
import { type Noted, noteSockets } from '../rig/sockets';

/**
 * How long a call takes from when the Chime client is started, which opens its socket at once, until it says that it is
 * connected; in milliseconds, by the page's own clock.
 */
export async function connects(browser: Browser, practice: Practice): Promise<number> {
  const visit = await practice.visit();
  const person = await Person.of(browser);
  await person.context.addInitScript(noteSockets);
  await person.context.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[data-call=connected]')) return;
      observer.disconnect();
      Object.assign(globalThis, { connected: performance.now() });
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
    const { sockets, connected } = globalThis as unknown as Noted & { connected: number };
    return connected - (sockets[0]?.at ?? NaN);
  });
  await person.context.close();
  return took;
}
