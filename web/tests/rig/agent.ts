import type { Browser, FrameLocator, Locator } from 'playwright-core';
import type { Wanted } from './browser';
import { Desk } from './desk';
import type { Practice, Visit } from './practice';

/** A clinician whose calls go by Amazon Connect: at their desk, with its panel. */
export class AgentDesk {
  private constructor(readonly desk: Desk) {}

  /** Opens the desk, signed in at the panel already unless told otherwise. */
  static async of(browser: Browser, visit: Visit, agent: string | null = agentOf(visit), wanted: Wanted = {}): Promise<AgentDesk> {
    await fetch(`${visit.practice.url}/local/connect/${agent ? `login?agent=${agent}` : 'logout'}`);
    return new AgentDesk(await Desk.of(browser, visit.practice, visit.clinicianId, wanted));
  }

  get person() {
    return this.desk.person;
  }

  get page() {
    return this.desk.person.page;
  }

  /** The panel itself, in its frame. */
  get frame(): FrameLocator {
    return this.page.frameLocator('.desk-frame iframe');
  }

  contact(standing: 'ringing' | 'taken' | 'over'): Locator {
    return this.page.locator(`[data-contact=${standing}]`);
  }

  async panelIs(state: string, timeout = 20_000): Promise<void> {
    await this.page.locator(`[data-panel=${state}]`).waitFor({ timeout });
  }

  async rings(): Promise<void> {
    await this.contact('ringing').waitFor({ timeout: 15_000 });
  }
}

/** The agent of a visit's clinician. */
export const agentOf = ({ clinicianId }: Visit): string => `agent-${clinicianId}`;

/** A visit whose clinician is an agent. */
export async function visitOfAgent(practice: Practice, wanted: object = { startsIn: 60_000 }): Promise<Visit> {
  const visit = await practice.visit(wanted);
  const admin = await practice.token('admin');
  const clinician = await practice.must('GET', `/api/clinicians/${visit.clinicianId}`, admin);
  await practice.must('PUT', `/api/clinicians/${visit.clinicianId}`, admin, { ...clinician, connectAgentId: agentOf(visit) });
  return visit;
}
