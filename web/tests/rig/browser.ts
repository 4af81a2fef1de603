import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { afterEach } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Practice } from './practice';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Debian's Chromium with a camera and a microphone that are not there. */
export async function launch(...flags: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      ...flags,
    ],
  });
}

export interface Wanted extends BrowserContextOptions {
  /** Whether the person lets the page use camera and microphone. */
  devices?: boolean;
  /** Lets a steady tone through, which browsers take for noise. */
  hums?: boolean;
}

/** Waits until something is as it should be: a page shows what was done a moment later, and on a busy machine a longer one. */
export async function becomes<T>(look: () => Promise<T>, wanted: T, what?: string, patience = 15_000): Promise<void> {
  const until = Date.now() + patience;
  for (;;) {
    const now = await look();
    if (isDeepStrictEqual(now, wanted)) return;
    if (Date.now() > until) assert.deepEqual(now, wanted, what ?? 'it stays otherwise');
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Whoever has a browser open. */
const present = new Set<Person>();

// What everybody saw when a test failed says more than what it waited for; and nobody stays into the next one. Programs
// that are no tests open browsers as well.
if (process.env['NODE_TEST_CONTEXT']) afterEach(told);

async function told(context: object): Promise<void> {
  if ((context as { passed?: boolean }).passed !== false) return;
  for (const person of present) {
    console.error(`${person.page.url()}\n${await person.text().catch(String)}\n${person.faults.join('\n')}\n`);
    await person.context.close().catch(() => undefined);
  }
  present.clear();
}

/** A person's browser, and what went wrong in it. */
export class Person {
  readonly faults: string[] = [];
  /** What a test expects to go wrong: lines of the console that contain one of these. */
  readonly expected: string[] = ['Failed to load resource'];
  /** Where the person's visits are, for whoever needs more of them. */
  practice?: Practice;

  private constructor(
    readonly context: BrowserContext,
    public page: Page,
  ) {}

  static async of(browser: Browser, { devices = true, hums = false, ...options }: Wanted = {}): Promise<Person> {
    const context = await browser.newContext({ locale: 'en-US', timezoneId: 'America/New_York', viewport: { width: 390, height: 844 }, ...options });
    if (devices) await context.grantPermissions(['camera', 'microphone']);
    // What tsx makes of a test's functions calls this, and pages have it not.
    await context.addInitScript({ content: 'globalThis.__name = (made) => made' });
    await context.addInitScript(() => {
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));
      new MutationObserver(() => {
        for (const region of document.querySelectorAll('[data-announced]')) {
          const text = region.textContent ?? '';
          if (text && heard.at(-1) !== text) heard.push(text);
        }
      }).observe(document, { subtree: true, childList: true, characterData: true });
    });
    if (hums) await context.addInitScript(passTones);
    const page = await context.newPage();
    const person = new Person(context, page);
    present.add(person);
    person.watch(page);
    return person;
  }

  /** Opens a link in a new tab, which is theirs from now on. */
  async opensAnew(link: string): Promise<void> {
    this.page = await this.context.newPage();
    this.watch(this.page);
    await this.page.goto(link);
  }

  watch(page: Page): void {
    page.on('pageerror', (error) => this.faults.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.text().startsWith('CSP')) this.faults.push(`${message.text()} ${message.location().url}`);
    });
  }

  /** Waits until the page says that it is in a state. */
  async at(state: string, timeout = 15_000): Promise<void> {
    await this.page.locator(`[data-state="${state}"]`).waitFor({ timeout, state: 'attached' }).catch(async (error: unknown) => {
      const now = await this.page.locator('[data-state]').getAttribute('data-state', { timeout: 500 }).catch(() => 'no state');
      throw new Error(`not at ${state} but at ${now}: ${await this.text()}\n${this.faults.join('\n')}`, { cause: error });
    });
  }

  async press(name: string): Promise<void> {
    await this.page.locator(`[data-name="${name}"]`).first().click();
  }

  /** What stands on the page, without the marks that keep directions apart and words together. */
  async text(): Promise<string> {
    return (await this.page.locator('body').innerText()).replace(/[\u2060\u2066-\u2069]/g, '').replace(/\u00a0/g, ' ');
  }

  /** Waits until the page says it. */
  async says(words: string | RegExp, timeout = 15_000): Promise<void> {
    const until = Date.now() + timeout;
    for (;;) {
      const text = await this.text();
      if (typeof words === 'string' ? text.includes(words) : words.test(text)) return;
      assert.ok(Date.now() < until, `the page does not say ${words}: ${text}`);
      await this.page.waitForTimeout(100);
    }
  }

  async heard(): Promise<string[]> {
    return this.page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.map((text) => text.replace(/[\u2060\u2066-\u2069\u00a0]/g, '')));
  }

  /** Waits until the live region has said it, among other words perhaps, however short it stood there. */
  async hears(words: string, timeout = 15_000): Promise<void> {
    const until = Date.now() + timeout;
    while (!(await this.heard()).some((text) => text.includes(words))) {
      assert.ok(Date.now() < until, `nobody hears ${words}: ${await this.heard()}`);
      await this.page.waitForTimeout(100);
    }
  }

  /** Waits until so many of these stand on the page. */
  async shows(count: number, selector: string, what?: string): Promise<void> {
    await becomes(() => this.page.locator(selector).count(), count, what);
  }

  /** WCAG 2.2 AA, as far as a program can tell. */
  async accessible(where: string): Promise<void> {
    await this.fulfils(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], where);
  }

  /** What stands here can be told from what is behind it: all that another colour scheme changes. */
  async contrasts(where: string): Promise<void> {
    await this.fulfils(['color-contrast'], where);
  }

  private async fulfils(rules: string[], where: string): Promise<void> {
    const found = await this.page.evaluate(`(async () => {
      if (!globalThis.axe) { ${axe} }
      const { violations } = await globalThis.axe.run(document, { runOnly: ${JSON.stringify(rules)} });
      return violations.map((violation) => violation.id + ': ' + violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | '));
    })()`);
    assert.deepEqual(found, [], `axe at ${where}`);
  }

  /** Every control, with the label around it, is large enough for a thumb. Links within a sentence are exempt (WCAG 2.2, 2.5.8). */
  async reachable(where: string): Promise<void> {
    const small = await this.page.locator('button, a.button, select, input, summary').evaluateAll((elements) =>
      elements
        .filter((element) => element.checkVisibility())
        .map((element) => ({ name: element.textContent, ...(element.closest('label') ?? element).getBoundingClientRect().toJSON() }))
        .filter(({ width, height }) => width < 44 || height < 44)
        .map(({ name, width, height }) => `${name} ${width}×${height}`),
    );
    assert.deepEqual(small, [], `targets at ${where}`);
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${where} scrolls sideways by ${wide}`);
  }

  /** Nothing went wrong that the test does not speak of; then the browser is closed. */
  async done(): Promise<void> {
    await this.context.close();
    present.delete(this);
    const unexpected = this.faults.filter((fault) => !this.expected.some((known) => fault.includes(known)));
    assert.deepEqual(unexpected, []);
  }
}

function passTones(): void {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  const microphones: MediaStreamTrack[] = [];
  Object.assign(globalThis, { microphones });
  devices.getUserMedia = async ({ audio, video }: MediaStreamConstraints = {}) => {
    const stream = await ask({
      ...(video === undefined ? {} : { video }),
      ...(audio ? { audio: { ...(audio === true ? {} : audio), echoCancellation: false, noiseSuppression: false, autoGainControl: false } } : {}),
    });
    microphones.push(...stream.getAudioTracks());
    return stream;
  };
}
