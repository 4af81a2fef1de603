import type { AudioVideoFacade } from 'amazon-chime-sdk-js';
import { service } from './service';

let spoken: { contact: string; call: Promise<AudioVideoFacade> } | null = null;

/** Speaks and listens in a contact's meeting, as the softphone of the panel does; the pictures are the page's affair. */
export function speakIn(contact: string | null): void {
  if (spoken?.contact === contact || (!spoken && contact === null)) return;
  const before = spoken;
  spoken = contact === null ? null : { contact, call: join(contact) };
  void before?.call.then((call) => leave(call), () => undefined);
  spoken?.call.catch((error: unknown) => console.warn('the panel has no sound', error));
}

async function join(contact: string): Promise<AudioVideoFacade> {
  // The client would measure how busy the computer is, which a frame may not.
  Reflect.deleteProperty(globalThis, 'PressureObserver');
  const chime = await import('amazon-chime-sdk-js');
  const { meeting, attendee } = await service.transport(contact, 'sound');
  const logger = new chime.ConsoleLogger('panel', chime.LogLevel.OFF);
  const configuration = new chime.MeetingSessionConfiguration(meeting, attendee);
  const { audioVideo } = new chime.DefaultMeetingSession(configuration, logger, new chime.DefaultDeviceController(logger));
  await audioVideo.startAudioInput(await navigator.mediaDevices.getUserMedia({ audio: true }));
  await audioVideo.bindAudioElement(document.getElementById('sound') as HTMLAudioElement);
  audioVideo.start();
  return audioVideo;
}

async function leave(call: AudioVideoFacade): Promise<void> {
  call.stop();
  await call.stopAudioInput();
}
