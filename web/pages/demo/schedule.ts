import { ask } from '../../shared/api/client';
import { Problem } from '../../shared/api/problem';
import { randomText } from '../../shared/device/key';
import { local } from './local';

/** How a visit is asked for at the press of a button. */
export interface Wish {
  preset: 'standard' | 'strict' | 'open';
  modality: 'video' | 'audio';
}

const STEP = 5 * 60_000;
const DURATION = 15;
/** So many times in a row are tried, where the clinician is busy. */
const MOST = 40;

/** A visit as soon as the clinician has time, with links to both; says when it begins. */
export async function scheduleNow({ preset, modality }: Wish): Promise<string> {
  const [keys, now] = await Promise.all([local.keys(), local.now()]);
  const first = Math.ceil(Date.parse(now) / STEP) * STEP;
  for (let step = 0; step < MOST; step += 1) {
    const scheduledAt = new Date(first + step * STEP).toISOString();
    const visitId = await book(keys.secretKey, {
      patientId: keys.patientId,
      clinicianId: keys.clinicianId,
      scheduledAt,
      duration: DURATION,
      modality,
      access: { preset },
      chiefComplaint: 'Headache for three days',
      patientInstructions: 'Please have your list of medicines at hand.',
      consent: { sms: true, telehealth: true, version: 'demo' },
    });
    if (!visitId) continue;
    const body = { channel: 'both', recipientRole: 'both', template: 'initial' };
    await ask({ method: 'POST', path: `/api/visits/${visitId}/notify`, bearer: keys.secretKey, idempotencyKey: randomText(), body });
    return scheduledAt;
  }
  throw new Error('The clinician is busy for the next hours. Move the clock, or reset.');
}

/** The visit's id; none where the clinician is busy then. */
async function book(bearer: string, body: object): Promise<string | undefined> {
  try {
    const made = await ask<{ visitId: string }>({ method: 'POST', path: '/api/visits', bearer, idempotencyKey: randomText(), body });
    return made.visitId;
  } catch (error) {
    if (error instanceof Problem && error.code === 'CLINICIAN_DOUBLE_BOOKED') return undefined;
    throw error;
  }
}
