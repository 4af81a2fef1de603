// The API's shapes, as `GET /api/openapi.json` names them; only what pages read or send.

export type Role = 'patient' | 'clinician' | 'guest' | 'interpreter';
export type Factor = 'sms-otp' | 'email-link' | 'phone-last4';
export type Modality = 'video' | 'audio';
export type VisitStatus = 'REQUESTED' | 'SCHEDULED' | 'ACTIVE' | 'COMPLETED' | 'TECHNICAL' | 'CANCELLED' | 'NO_SHOW';
export type ParticipantStatus = 'WAITING' | 'ADMITTED' | 'JOINED' | 'LEFT' | 'REJECTED' | 'REMOVED';

export interface Practice {
  name: string;
  supportPhone?: string;
}

export interface Requirements {
  factors: Factor[];
  waitingRoom: boolean;
}

/** What a link carries: the code from the path, the secret from the fragment. */
export interface LinkCredential {
  code: string;
  secret: string;
}

export interface CheckLinkResponse {
  valid: true;
  role: Role;
  visit: {
    visitId: string;
    scheduledAt: string;
    duration: number;
    timezone: string;
    modality: Modality;
    clinicianName: string;
  };
  practice: Practice;
  opensAt: string;
  expiresAt: string;
  expiresIn: number;
  serverTime: string;
  joinable: { now: boolean; reason?: 'NOT_OPEN_YET'; opensInMs?: number };
  requires: Requirements;
  resumable: boolean;
  warnings: 'EXPIRES_SOON'[];
}

export interface CheckCodeResponse {
  opensAt: string;
  closesAt: string;
  timezone: string;
  clinicianName: string;
  practice: Practice;
  requires: Requirements;
}

export interface DeviceInfo {
  hasCamera: boolean;
  hasMicrophone: boolean;
  browser: string;
  os: string;
}

/** The Chime client takes `meeting` and `attendee` as they are. */
export interface Media {
  provider: 'chime' | 'connect';
  epoch: number;
  meeting?: { MeetingId: string; MediaPlacement: Record<string, string> } & Record<string, unknown>;
  attendee?: { AttendeeId: string; ExternalUserId: string; JoinToken: string } & Record<string, unknown>;
}

export interface ConnectContact {
  contactId: string;
  instanceId: string;
  participantId?: string;
  participantToken?: string;
}

export interface VisitSession {
  sessionToken: string;
  expiresIn: number;
}

export interface StartedResponse {
  participantId: string;
  status: 'ADMITTED';
  media: Media;
  connectContact?: ConnectContact;
  visitSession: VisitSession;
}

export interface WaitingResponse {
  participantId: string;
  status: 'WAITING';
  position: number;
  estimatedWaitSeconds?: number;
  pollAfterMs: number;
  visitSession: VisitSession;
}

export interface JoinSessionResponse {
  media: Media;
  connectContact?: ConnectContact;
}

/** Somebody who was let in. */
export interface Person {
  participantId: string;
  role: Role;
  displayName: string;
}

export interface SessionResponse {
  participantId: string;
  role: Role;
  status: ParticipantStatus;
  visitStatus: VisitStatus;
  position?: number;
  estimatedWaitSeconds?: number;
  media?: { provider: 'chime' | 'connect'; epoch: number; recorded?: true };
  people?: Person[];
  practice: Practice;
  pollAfterMs: number;
  serverTime: string;
}

export interface ChallengeResponse {
  challengeId: string;
  factor: Factor;
  to?: string;
  expiresIn: number;
}

export interface AnswerChallengeResponse {
  challengeId: string;
  answered: true;
  expiresIn: number;
}

export interface VisitSummary {
  visitId: string;
  status: VisitStatus;
  scheduledAt: string;
  duration: number;
  timezone: string;
  visitType: 'initial' | 'follow-up' | 'urgent';
  modality: Modality;
  clinicianId: string;
  patientId: string;
  patientName?: string;
  opensAt: string;
  closesAt: string;
  waiting: number;
}

export interface VisitList {
  visits: VisitSummary[];
  nextCursor?: string;
}

export interface VisitDetail extends Omit<VisitSummary, 'waiting' | 'patientName'> {
  startedAt?: string;
  endedAt?: string;
  endReason?: 'completed' | 'no-show' | 'technical-issue' | 'cancelled';
  notes?: string;
  patientInstructions?: string;
}
