import type { Problem } from './api';
import type { Settings } from './settings';
import { toE164 } from './phone';
import { ownZone } from './zones';

/** The version of the words under the two boxes: whoever changes those words changes it. */
export const CONSENT_VERSION = '2026-11';

/** What has been typed so far. */
export interface Draft {
  readonly givenName: string;
  readonly familyName: string;
  readonly phone: string;
  readonly email: string;
  readonly state: string;
  readonly timezone: string;
  readonly clinicianId: string;
  /** The moment, as the API takes it. */
  readonly at: string;
  readonly reason: string;
  readonly sms: boolean;
  readonly telehealth: boolean;
}

export type Field = keyof Draft;
/** Fields that are not right, each with the message that says so. */
export type Wrong = Partial<Record<Field, string>>;

export const empty = (settings: Settings): Draft => ({
  givenName: '', familyName: '', phone: '', email: '', state: '', timezone: ownZone(),
  clinicianId: settings.clinicians.length === 1 ? (settings.clinicians[0]?.id ?? '') : '',
  at: '', reason: '', sms: false, telehealth: false,
});

/** What would be refused, found before anything is sent. */
export function check(draft: Draft, settings: Settings): Wrong {
  const rules: [Field, boolean][] = [
    ['givenName', draft.givenName.trim() !== ''],
    ['familyName', draft.familyName.trim() !== ''],
    ['phone', toE164(draft.phone, settings.dialCode) !== undefined],
    ['email', draft.email.trim() === '' || /^[^@\s]+@[^@\s]+$/u.test(draft.email.trim())],
    ['state', draft.state !== ''],
    ['clinicianId', draft.clinicianId !== ''],
    ['at', draft.at !== ''],
    ['sms', draft.sms],
    ['telehealth', draft.telehealth],
  ];
  return Object.fromEntries(rules.filter(([, right]) => !right).map(([field]) => [field, `wrong-${field}`]));
}

/** The request's body. */
export function request(draft: Draft, settings: Settings): object {
  const email = draft.email.trim();
  const reason = draft.reason.trim();
  return {
    patient: {
      givenName: draft.givenName.trim(),
      familyName: draft.familyName.trim(),
      phone: toE164(draft.phone, settings.dialCode),
      ...(email ? { email } : {}),
      state: draft.state,
      timezone: draft.timezone,
      locale: settings.locale,
    },
    clinicianId: draft.clinicianId,
    scheduledAt: draft.at,
    duration: settings.offer.duration,
    ...(reason ? { chiefComplaint: reason } : {}),
    consent: { sms: draft.sms, telehealth: draft.telehealth, version: CONSENT_VERSION },
  };
}

/** Where the API's own words about a field belong. */
const POINTERS: Readonly<Record<string, Field>> = {
  '/patient/givenName': 'givenName', '/patient/familyName': 'familyName', '/patient/phone': 'phone',
  '/patient/email': 'email', '/patient/state': 'state', '/patient/timezone': 'timezone', '/clinicianId': 'clinicianId',
  '/scheduledAt': 'at', '/chiefComplaint': 'reason', '/consent/sms': 'sms', '/consent/telehealth': 'telehealth',
};

/** Refusals that are about one field. */
const FIELDS: Readonly<Record<string, [Field, string]>> = {
  CLINICIAN_DOUBLE_BOOKED: ['at', 'taken'],
  CLINICIAN_NOT_LICENSED: ['state', 'not-licensed'],
  PATIENT_STATE_REQUIRED: ['state', 'wrong-state'],
  NO_CONTACT_FOR_CHANNEL: ['phone', 'no-text-there'],
};

/** The fields that an answer of the API is about. */
export function refused(problem: Problem): Wrong {
  const about = FIELDS[problem.code];
  if (about) return { [about[0]]: about[1] };
  const known = (problem.errors ?? []).map(({ pointer }) => POINTERS[pointer]).filter((field) => field !== undefined);
  return Object.fromEntries(known.map((field) => [field, `wrong-${field}`]));
}

/** The message for a refusal that is about no field. */
export function saying(problem: Problem): string {
  switch (problem.code) {
    case 'OFFLINE': return 'offline';
    case 'RATE_LIMITED': return 'too-often';
    case 'CHALLENGE_EXPIRED': case 'NOT_FOUND': return 'code-expired';
    case 'UNAVAILABLE': case 'REQUEST_IN_PROGRESS': case 'INTERNAL': return 'busy';
    // The key, its origins or its clinicians: nothing that a patient can mend.
    default: return 'not-set-up';
  }
}
