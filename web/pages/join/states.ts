import type { ChallengeResponse, Factor, Modality, Practice, Requirements, Role } from '../../shared/api/types';
import type { InVisit } from '../../shared/visit/in-visit';

/** What is known of the visit before coming in. */
export interface Look {
  /** Absent with a public code, which names no visit. */
  visitId?: string;
  role: Role;
  clinicianName: string;
  scheduledAt: string;
  /** Minutes; absent with a public code. */
  duration?: number;
  timezone: string;
  modality: Modality;
  practice: Practice;
  opensAt: string;
  closesAt: string;
  requires: Requirements;
}

/** Why coming in went wrong for now: shown beside the button that tries again. */
export type Trouble = 'offline' | 'busy' | 'limited' | 'media' | 'failed';

/** A factor as it is being proven. */
export interface Proving {
  factor: Factor;
  /** Absent until it was asked for. */
  challenge?: ChallengeResponse;
  trouble?: Trouble | 'no-contact' | 'closed';
  /** What was typed is wrong. */
  wrong?: { attemptsLeft: number };
  busy: boolean;
}

/** Where somebody on the join page stands. */
export type State =
  | { at: 'loading' }
  | { at: 'in-app'; app: string; practice?: Practice }
  | { at: 'unsupported'; practice?: Practice }
  /** Another tab of this browser has the visit. */
  | { at: 'other-tab'; practice?: Practice }
  | { at: 'unreachable'; trouble: Trouble }
  | { at: 'incomplete' }
  | { at: 'invalid' }
  | { at: 'dead'; practice?: Practice; renewed: 'no' | 'asking' | 'yes' | 'limited' | 'failed' }
  | { at: 'used'; practice?: Practice; canMove: boolean; renewed: 'no' | 'asking' | 'yes' | 'limited' | 'failed' }
  | { at: 'cancelled'; practice?: Practice }
  | { at: 'ended'; practice?: Practice }
  | { at: 'early'; look: Look }
  | { at: 'preview'; look: Look; trouble?: Trouble; joining: boolean }
  | { at: 'proving'; look: Look | null; practice?: Practice; proving: Proving }
  | { at: 'turned-away'; practice?: Practice }
  | { at: 'in'; visit: InVisit; look: Look | null };
