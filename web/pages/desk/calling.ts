import { signal } from '@preact/signals';
import { newDeviceKey } from '../../shared/device/key';
import { Devices } from '../../shared/media-devices/devices';
import { InVisit } from '../../shared/visit/in-visit';
import type { Api } from './api';
import { contacts, panel } from './connect/contacts';
import type { Listed } from './types';

/** The one call that this desk is in. It goes on while another visit is looked at. */
export interface Calling {
  readonly visit: Listed;
  readonly place: InVisit;
  readonly devices: Devices;
  /** The contact of Amazon Connect that carries it, where it is known. */
  readonly contactId?: string;
}

export const calling = signal<Calling | null>(null);

/** Takes the clinician's seat, and the call with it. Whoever was in another call leaves that one. */
export async function startCall(api: Api, visit: Listed): Promise<void> {
  await sit(api, visit);
}

/** Takes the clinician's seat for a contact of Amazon Connect; the microphone is the panel's. */
export async function takeContact(api: Api, visit: Listed, contactId: string): Promise<void> {
  if (calling.value?.contactId === contactId) return;
  await sit(api, visit, contactId);
}

async function sit(api: Api, visit: Listed, contactId?: string): Promise<void> {
  const key = await newDeviceKey();
  const answer = await api.start(visit.visitId, key);
  hangUp();
  const place = new InVisit({ token: answer.visitSession.sessionToken, key });
  place.begin(answer);
  const devices = new Devices(visit.modality === 'video', contactId === undefined);
  calling.value = { visit, place, devices, ...(contactId === undefined ? {} : { contactId }) };
}

/** Leaves the call; the visit goes on. */
export function hangUp(): void {
  const current = calling.value;
  if (!current) return;
  calling.value = null;
  current.devices.turnOff();
  if (current.place.stand.value.kind !== 'over') void current.place.leave();
  current.place.close();
  const contact = contacts.value.find(({ id }) => id === current.contactId);
  // What the panel refuses it still shows, with its own button.
  if (contact?.standing === 'taken') void panel.value?.hangUp(contact.id).catch(() => undefined);
}
