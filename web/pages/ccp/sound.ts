import type { Call } from '../../shared/call/call';
import { Devices } from '../../shared/media-devices/devices';
import { mediaOf } from '../desk/connect/transport';
import { service } from './service';

interface Spoken {
  contact: string;
  devices: Devices;
  call: Promise<Call>;
}

let spoken: Spoken | null = null;

/** Speaks and listens in a contact's meeting, as the softphone of the panel does; the pictures are the page's affair. */
export function speakIn(contact: string | null): void {
  if ((spoken?.contact ?? null) === contact) return;
  if (spoken) fallSilent(spoken);
  spoken = contact === null ? null : begin(contact);
}

function begin(contact: string): Spoken {
  const devices = new Devices(false);
  const call = join(contact, devices);
  call.catch((error: unknown) => console.warn('the panel has no sound', error));
  return { contact, devices, call };
}

async function join(contact: string, devices: Devices): Promise<Call> {
  // The client would measure how busy the computer is, which a frame may not.
  Reflect.deleteProperty(globalThis, 'PressureObserver');
  const { Call } = await import('../../shared/call/call');
  const call = new Call(mediaOf(await service.transport(contact, 'sound')), devices, document.getElementById('sound') as HTMLAudioElement);
  await devices.ask();
  await call.start();
  return call;
}

function fallSilent({ devices, call }: Spoken): void {
  devices.turnOff();
  void call.then((joined) => joined.close(), () => undefined);
}
