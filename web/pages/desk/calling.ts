import { signal } from '@preact/signals';
import { newDeviceKey } from '../../shared/device/key';
import { Devices } from '../../shared/media-devices/devices';
import { InVisit } from '../../shared/visit/in-visit';
import type { Api } from './api';
import type { Listed } from './types';

/** The one call that this desk is in. It goes on while another visit is looked at. */
export interface Calling {
  readonly visit: Listed;
  readonly place: InVisit;
  readonly devices: Devices;
}

export const calling = signal<Calling | null>(null);

/** Takes the clinician's seat, and the call with it. Whoever was in another call leaves that one. */
export async function startCall(api: Api, visit: Listed): Promise<void> {
  const key = await newDeviceKey();
  const answer = await api.start(visit.visitId, key);
  hangUp();
  const place = new InVisit({ token: answer.visitSession.sessionToken, key });
  place.begin(answer);
  calling.value = { visit, place, devices: new Devices(visit.modality === 'video') };
}

/** Leaves the call; the visit goes on. */
export function hangUp(): void {
  const current = calling.value;
  if (!current) return;
  calling.value = null;
  current.devices.turnOff();
  if (current.place.stand.value.kind !== 'over') void current.place.leave();
  current.place.close();
}
