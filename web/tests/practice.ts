import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type BrowserContextOptions, type Browser, type Page, chromium } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');
const program = resolve(process.env['CARGO_TARGET_DIR'] ?? resolve(root, 'target'), 'debug/bedside-local');
const chrome = process.env['BEDSIDE_CHROMIUM'] ?? '/usr/bin/chromium';

/** What the laptop's control says of itself. */
export interface Keys {
  tenantId: string;
  secretKey: string;
  publishableKey: string;
  clinicianId: string;
  patientId: string;
}

export interface Sent {
  id: string;
  channel: 'sms' | 'email';
  to: string;
  text: string;
  links: string[];
}

export interface Room {
  participantId: string;
  visitSession: { sessionToken: string };
  status: string;
}

let counted = 0;

/** A practice of its own for a test file: the very program of `./dev up`, on free ports. */
export class Laptop {
  private constructor(
    readonly url: string,
    readonly keys: Keys,
    private readonly child: ChildProcess,
  ) {}

  static async start(): Promise<Laptop> {
    const child = spawn(program, ['--port', '0', '--aws-port', '0', '--media-port', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((found, failed) => {
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`bedside-local ended with ${code}`)));
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
        if (address) found(address);
      });
    });
    const keys = (await (await fetch(`${url}/local/keys`)).json()) as Keys;
    return new Laptop(url, keys, child);
  }

  stop(): void {
    this.child.removeAllListeners('exit');
    this.child.kill('SIGINT');
  }

  async ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(this.url + path, { method, headers: { ...type, ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  async bearer(role: string, sub?: string): Promise<Record<string, string>> {
    const { accessToken } = await this.ask<{ accessToken: string }>('POST', '/local/token', { role, ...(sub ? { sub } : {}) });
    return { authorization: `Bearer ${accessToken}` };
  }

  /** A visit of the demo's clinician, unless another one is named, as soon as there is time. */
  async visit(wishes: Record<string, unknown> = {}): Promise<{ visitId: string; patientLink: string }> {
    const secret = { authorization: `Bearer ${this.keys.secretKey}` };
    const { now } = await this.ask<{ now: string }>('GET', '/local/clock');
    const step = 5 * 60_000;
    const first = Math.ceil(Date.parse(now) / step) * step;
    for (let tries = 0; tries < 60; tries += 1) {
      const scheduledAt = new Date(first + tries * step).toISOString();
      const body = { patientId: this.keys.patientId, clinicianId: this.keys.clinicianId, scheduledAt, duration: 15, channel: 'both', ...wishes };
      try {
        const { visitId } = await this.ask<{ visitId: string }>('POST', '/api/visits', body, secret);
        const links = await this.ask<{ patient: { link: string } }>('POST', `/api/visits/${visitId}/links`, { roles: ['patient'] }, secret);
        return { visitId, patientLink: links.patient.link };
      } catch (error) {
        if (!String(error).includes('CLINICIAN_DOUBLE_BOOKED')) throw error;
      }
    }
    throw new Error('no time was free');
  }

  notify(visitId: string): Promise<unknown> {
    const body = { channel: 'both', recipientRole: 'patient', template: 'initial' };
    return this.ask('POST', `/api/visits/${visitId}/notify`, body, { authorization: `Bearer ${this.keys.secretKey}` });
  }

  /** Somebody with a link comes into the waiting room, as a page without a device key would. */
  come(visitId: string, link: string): Promise<Room> {
    const [, code, secret] = /\/j\/(\w+)#(\w+)$/.exec(link) ?? [];
    return this.ask('POST', `/api/visits/${visitId}/start`, { code, secret }, { 'idempotency-key': `test-${(counted += 1)}-${Date.now()}` });
  }

  async texts(to: string): Promise<Sent[]> {
    return (await this.ask<{ messages: Sent[] }>('GET', `/local/messages?to=${encodeURIComponent(to)}`)).messages;
  }
}

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chrome,
    args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required'],
  });

/** A page that remembers what nobody wants to see on its console. */
export interface Watched {
  page: Page;
  faults: string[];
}

/** What a browser says by itself of an answer that is no 2xx: the page deals with those. */
const ANSWERED = /^Failed to load resource: the server responded with a status of 4\d\d/;

/** A new window of somebody of their own. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', timezoneId: 'America/New_York', ...options });
  const page = await context.newPage();
  const watched = watch(page);
  await page.goto(url);
  return watched;
}

/** Collects errors of the console, exceptions, and violations of the page's policy. */
export function watch(page: Page): Watched {
  const faults: string[] = [];
  page.on('console', (message) => {
    const kind = message.type();
    if ((kind === 'error' || /content security policy/i.test(message.text())) && !ANSWERED.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  return { page, faults };
}
