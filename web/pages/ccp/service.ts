import type { Transport } from '../desk/connect/transport';

/** A contact as the laptop's stand-in for Amazon Connect has it at an agent's panel. */
export interface AtPanel {
  contactId: string;
  state: 'connecting' | 'connected' | 'ended';
  since: string;
  attributes: Record<string, string>;
  withVideo: boolean;
}

/** What the agent's panel is to show. */
export interface Panel {
  agentId: string;
  state: 'Available' | 'Offline';
  since: string;
  contacts: AtPanel[];
}

/** What is not answered by then is given up, and asked again at the next look. */
const PATIENCE_MS = 10_000;

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(`/local/connect/${path}`, { signal, ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }) });
  if (response.status === 403) throw new SignedOut();
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

/** Nobody is signed in at the panel any more. */
export class SignedOut extends Error {}

/** The laptop's stand-in for the service behind the panel. */
export const service = {
  look: () => ask<Panel>('agent'),
  stand: (state: string) => ask<Panel>('agent', { state }),
  act: (contact: string, act: 'accept' | 'hang-up' | 'clear') => ask<Panel>(`contacts/${encodeURIComponent(contact)}`, { act }),
  transport: (contact: string, carries: 'sound' | 'video') => ask<Transport>(`contacts/${encodeURIComponent(contact)}/transport`, { carries }),
};
