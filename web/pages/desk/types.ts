import type { ParticipantStatus, Role, VisitDetail, VisitSummary } from '../../shared/api/types';

// The API's shapes that the desk alone reads, as `GET /api/openapi.json` names them.

export type MessageStatus = 'pending' | 'sent' | 'delivered' | 'failed' | 'opted-out';
export type Channel = 'sms' | 'email';
export type EndReason = 'completed' | 'no-show' | 'technical-issue' | 'cancelled';
export type Proof = 'link' | 'portal' | 'meeting-code' | 'sms-otp' | 'email-link' | 'phone-last4';

export interface MessageState {
  status: MessageStatus;
  at: string;
}

/** The newest message to the patient of each channel. */
export type Messages = Partial<Record<Channel, MessageState>>;

export interface Listed extends VisitSummary {
  messages: Messages;
}

export interface Visit extends VisitDetail {
  channel: Channel | 'both';
  messages: Messages;
  chiefComplaint?: string;
}

export interface Participant {
  participantId: string;
  role: Role;
  displayName: string;
  status: ParticipantStatus;
  since: string;
  lastSeenAt: string;
  verifiedBy: Proof[];
  /** Tries of others with this person's link. */
  blockedAttempts: number;
}

export interface QuickAction {
  label: string;
  urlTemplate: string;
}

export interface Settings {
  name: string;
  supportPhone: string;
  quickActions: QuickAction[];
  mediaProvider: 'chime' | 'connect';
}

/** Whether a visit can still be held. */
export const isLive = ({ status }: { status: string }): boolean => status === 'SCHEDULED' || status === 'ACTIVE';
