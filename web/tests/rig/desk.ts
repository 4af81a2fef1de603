import assert from 'node:assert/strict';
import type { Browser, Locator, Request } from 'playwright-core';
import { becomes, Person, type Wanted } from './browser';
import type { Practice, Visit } from './practice';

/** A clinician at their desk, who uses nothing but the keyboard. */
export class Desk {
  private constructor(readonly person: Person) {}

  /** Opens the page and signs in. */
  static async of(browser: Browser, practice: Practice, clinicianId: string, wanted: Wanted = {}, role = 'clinician'): Promise<Desk> {
    const person = await Person.of(browser, { viewport: { width: 1280, height: 900 }, ...wanted });
    // Each ring is two notes.
    await person.context.addInitScript(() => {
      const counted = globalThis as unknown as { notes: number };
      counted.notes = 0;
      const { start } = OscillatorNode.prototype;
      OscillatorNode.prototype.start = function (...given) {
        counted.notes += 1;
        return start.apply(this, given);
      };
    });
    const desk = new Desk(person);
    await person.page.goto(`${practice.url}/desk`);
    await person.page.locator('[data-name=sign-in]').press('Enter');
    await desk.chooses(clinicianId, role);
    return desk;
  }

  /** Says who they are to the laptop's identity provider, which asks for no password. */
  async chooses(clinicianId: string, role = 'clinician', page = this.person.page): Promise<void> {
    const anyone = page.locator('a[href*="role="]').first();
    const way = new URL(String(await anyone.getAttribute('href')), page.url());
    way.searchParams.set('role', role);
    way.searchParams.set('sub', clinicianId);
    await page.goto(way.href);
  }

  /** Somebody other than the clinician, as the desk shows them in a state. */
  patient(status: string): Locator {
    return this.person.page.locator(`.desk-person[data-role=patient][data-status=${status}]`);
  }

  item(visit: Visit): Locator {
    return this.person.page.locator(`[data-visit="${visit.id}"]`);
  }

  async opens(visit: Visit): Promise<void> {
    await this.item(visit).press('Enter');
    await this.person.page.locator('#visit-title').waitFor();
  }

  async presses(name: string): Promise<void> {
    const button = this.person.page.locator(`[data-name="${name}"]`).first();
    // What is not shown yet takes no focus, and Enter would go to what has it.
    await button.waitFor();
    await button.press('Enter');
  }

  /** Waits for words, whatever marks keep directions apart within them. */
  async says(words: RegExp): Promise<void> {
    const loose = new RegExp(words.source.replaceAll(' ', '[\\s\\u2066-\\u2069]+'), words.flags);
    await this.person.page.getByText(loose).first().waitFor();
  }

  /** Waits until something has the focus, by its name or its kind. */
  async focuses(what: string, why?: string): Promise<void> {
    const focused = () => this.person.page.evaluate(() => document.activeElement?.getAttribute('data-name') ?? document.activeElement?.tagName ?? '');
    await becomes(focused, what, why);
  }

  /** Waits until the window has a title. */
  async isCalled(title: string): Promise<void> {
    await becomes(async () => (await this.person.page.title()).replace(/[\u2066-\u2069]/gu, ''), title);
  }

  /**
   * Waits until somebody's coming has rung, as the so-manieth: heard of at the next look at the visits of today, which
   * comes every 2.5 seconds, or at the one after it where they came while the next one was on its way.
   */
  async announces(ring: number): Promise<void> {
    let looks = 0;
    const look = (request: Request) => (looks += new URL(request.url()).pathname === '/api/visits' ? 1 : 0);
    this.person.page.on('request', look);
    await becomes(() => this.rings(), ring);
    this.person.page.off('request', look);
    assert.ok(looks <= 2, `heard of after ${looks} looks`);
  }

  async rings(): Promise<number> {
    return (await this.person.page.evaluate(() => (globalThis as unknown as { notes: number }).notes)) / 2;
  }
}

/** Somebody with a link comes into the waiting room, as a page without a device key would. Gives their session. */
export async function comes(visit: Visit, link?: string): Promise<string> {
  const [, code, secret] = /\/j\/(\w+)#(\w+)$/.exec(link ?? (await visit.patientLink())) ?? [];
  const answer = await fetch(`${visit.practice.url}/api/visits/${visit.id}/start`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify({ code, secret }),
  });
  if (!answer.ok) throw new Error(`start: ${answer.status} ${await answer.text()}`);
  const { visitSession } = (await answer.json()) as { visitSession: { sessionToken: string } };
  return visitSession.sessionToken;
}
