import { signal } from '@preact/signals';
import type { Media } from '../../../shared/api/types';

/** How a contact stands for the clinician. */
export type Standing = 'ringing' | 'taken' | 'over' | 'missed';

/** A contact at the clinician's panel. */
export interface Contact {
  readonly id: string;
  /** The visit that it says to be for. */
  readonly visitId: string | null;
  readonly standing: Standing;
  /** Since when it stands so, by this computer's clock. */
  readonly since: number;
  /** Whether pictures can go with it: by the contact, and by what the agent may. */
  readonly withVideo: boolean;
}

/** The agent, as Amazon Connect names them and their states. */
export interface Agent {
  readonly name: string;
  readonly state: string;
  /** The states that one can choose. */
  readonly choices: readonly string[];
}

/** How the panel itself stands. */
export type PanelState =
  | 'loading'
  | 'ready'
  /** Nobody is signed in there, or it is not allowed here, or out of reach: from outside these look the same. */
  | 'silent'
  /** The agent's sign-in has ended. */
  | 'signed-out'
  /** Whoever is signed in may not use it. */
  | 'denied'
  /** The policy of this page does not allow the panel's origin. */
  | 'blocked';

/** What the desk can do with the panel. Each fails with an `Error` where the panel refuses or does not answer. */
export interface Panel {
  accept(id: string): Promise<void>;
  /** Ends the clinician's part in the contact. */
  hangUp(id: string): Promise<void>;
  /** Ends the after-call work. */
  finish(id: string): Promise<void>;
  /** What the page needs for the pictures; the sound goes by the panel. */
  media(id: string): Promise<Media>;
  become(state: string): Promise<void>;
  /** Loads the panel anew. */
  again(): void;
  /** Opens the window in which agents sign in. Works within a press only. */
  signIn(): void;
}

export const panelState = signal<PanelState>('loading');
export const agent = signal<Agent | null>(null);
export const contacts = signal<readonly Contact[]>([]);
export const panel = signal<Panel | null>(null);

/** The panel did not do what it was asked for. */
export class PanelRefused extends Error {
  constructor(cause?: unknown) {
    super('the Connect panel refused', { cause });
    this.name = 'PanelRefused';
  }
}
