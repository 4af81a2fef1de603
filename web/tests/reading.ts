import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const pictures = process.env['BEDSIDE_PICTURES'];

interface Violation {
  id: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

/** Nothing of WCAG 2.2 AA that a program can find is wrong with the page as it is now. With BEDSIDE_PICTURES it is also drawn. */
export async function readable(page: Page, state: string): Promise<void> {
  if (pictures) await draw(page, state);
  // By the debugger's own way in, which the page's policy does not stop.
  await page.evaluate(axe);
  const found = await page.evaluate(async (tags) => {
    const { axe: reader } = globalThis as unknown as { axe: { run: (root: unknown, options: unknown) => Promise<{ violations: Violation[] }> } };
    return (await reader.run(document, { runOnly: tags })).violations;
  }, RULES);
  const said = found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${JSON.stringify(target)} ${failureSummary}`).join('; ')}`);
  assert.deepEqual(said, [], state);
}

async function draw(page: Page, state: string): Promise<void> {
  const before = page.viewportSize();
  mkdirSync(String(pictures), { recursive: true });
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    await page.screenshot({ path: resolve(String(pictures), `${state}-${width}.png`), fullPage: true });
  }
  if (before) await page.setViewportSize(before);
}

/** Nothing of the page is cut off, or to be reached by moving it sideways only. */
export async function fits(page: Page, width: number): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 844 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (before) await page.setViewportSize(before);
  assert.ok(wide <= width, `${wide} px of content in a window of ${width}`);
}
