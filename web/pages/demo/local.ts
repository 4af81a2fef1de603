import { ask } from '../../shared/api/client';

// The laptop's controls (docs/laptop.md). This page is for developers, in English alone, and is never deployed.

export interface Message {
  id: string;
  channel: 'sms' | 'email';
  to: string;
  from?: string;
  subject?: string;
  text: string;
  html?: string;
  links: string[];
  attachments: { name: string; contentType: string; text: string }[];
  at: string;
}

export interface Fault {
  service: string;
  operation: string;
  kind: string;
  times: number;
}

export interface Keys {
  secretKey: string;
  clinicianId: string;
  patientId: string;
}

/** So many are shown; older ones are at `/local/messages`. */
const SHOWN = 60;

export const local = {
  messages: async (): Promise<Message[]> => (await ask<{ messages: Message[] }>({ method: 'GET', path: `/local/messages?limit=${SHOWN}` })).messages,
  /** Answers the last text to a number, and says what was understood. */
  reply: async (from: string, text: string): Promise<string> =>
    (await ask<{ heard: string }>({ method: 'POST', path: '/local/texts/reply', body: { from, text } })).heard,
  now: async (): Promise<string> => (await ask<{ now: string }>({ method: 'GET', path: '/local/clock' })).now,
  advance: (by: string) => ask<unknown>({ method: 'POST', path: '/local/clock', body: { advance: by } }),
  resetClock: () => ask<unknown>({ method: 'POST', path: '/local/clock', body: { reset: true } }),
  tick: () => ask<unknown>({ method: 'POST', path: '/local/tick', body: {} }),
  resetAll: () => ask<unknown>({ method: 'POST', path: '/local/reset', body: {} }),
  resetLimits: () => ask<unknown>({ method: 'POST', path: '/local/limits', body: { reset: true } }),
  faults: async (): Promise<Fault[]> => (await ask<{ faults: Fault[] }>({ method: 'GET', path: '/local/faults' })).faults,
  fail: (fault: Fault) => ask<unknown>({ method: 'POST', path: '/local/faults', body: fault }),
  mend: () => ask<unknown>({ method: 'DELETE', path: '/local/faults' }),
  keys: () => ask<Keys>({ method: 'GET', path: '/local/keys' }),
};
