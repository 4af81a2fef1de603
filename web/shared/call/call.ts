import type { Media } from '../api/types';

/** How a call stands. */
export type CallState =
  | { kind: 'connecting' }
  | { kind: 'connected' }
  | { kind: 'reconnecting' }
  | { kind: 'ended'; why: 'left' | 'elsewhere' | 'removed' | 'over' | 'failed' | 'full' };

/** What the call needs of whoever shows it. */
export interface CallWishes {
  media: Media;
  /** The devices that were chosen before; what is absent is the browser's choice. */
  devices: { camera?: string; microphone?: string; speaker?: string };
  camera: boolean;
  microphone: boolean;
}
