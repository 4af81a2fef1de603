import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Person } from './browser';

/** Where pictures of each state go, if any are wanted. */
const pictures = process.env['BEDSIDE_PICTURES'];
/** A small phone, a usual one, a computer. */
const WIDTHS = [320, 390, 1280];

/** A state reads well: by axe, by the size of what is pressed, on the smallest phone too. */
export async function reads(person: Person, state: string): Promise<void> {
  const before = person.page.viewportSize();
  for (const width of WIDTHS) {
    await person.page.setViewportSize({ width, height: 844 });
    await person.reachable(`${state} at ${width}`);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await person.page.screenshot({ path: resolve(pictures, `${state}-${width}.png`), fullPage: true });
    }
  }
  if (before) await person.page.setViewportSize(before);
  await person.accessible(state);
}
