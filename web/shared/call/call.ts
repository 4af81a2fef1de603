import { effect, signal } from '@preact/signals';
import {
  type AudioVideoFacade,
  type AudioVideoObserver,
  ConsoleLogger,
  DefaultDeviceController,
  DefaultMeetingSession,
  LogLevel,
  MeetingSessionConfiguration,
  type MeetingSessionStatus,
  MeetingSessionStatusCode,
  type VideoTileState,
} from 'amazon-chime-sdk-js';
import type { Media } from '../api/types';
import type { Devices } from '../media-devices/devices';
import { Captions } from './captions';
import { Heartbeat } from './heartbeat';

/** How a call stands. `stopped` calls need whoever shows them to ask the API how to go on. */
export type CallState =
  | { kind: 'connecting' }
  | { kind: 'connected' }
  | { kind: 'reconnecting' }
  /** It did not heal by itself: somebody has to press. */
  | { kind: 'failed' }
  | { kind: 'stopped'; why: 'meeting-over' | 'removed' | 'elsewhere' | 'full' };

/** A picture that arrives. */
export interface Tile {
  id: number;
  attendeeId: string;
  isContent: boolean;
}

/** Somebody else in the call. */
export interface Person {
  attendeeId: string;
  /** The participant's id. */
  externalUserId: string;
  muted: boolean;
  /** Their connection is gone for the moment. */
  dropped: boolean;
}

/** How the connection is, in the words that the page has for it. */
export type Quality = 'good' | 'weak' | 'poor';

/** Whoever shares a screen is a second attendee of this name's ending. */
const CONTENT = '#content';
/** A try to connect that has brought nothing by then is given up for a new one. */
const TRY_MS = 12_000;
/** For so long the page heals a call by itself. */
const HEALS_MS = 120_000;

/** A call by the Chime client: one meeting's attendee, with whatever it takes to stay in it. */
export class Call implements AudioVideoObserver {
  readonly state = signal<CallState>({ kind: 'connecting' });
  readonly tiles = signal<Tile[]>([]);
  readonly people = signal<Person[]>([]);
  readonly muted = signal(false);
  readonly sharing = signal(false);
  readonly captions = new Captions();
  readonly quality = signal<Quality>('good');
  /** Sound cannot be played or sent until somebody presses: a phone call took the microphone, or the browser holds sound back. */
  readonly heldBack = signal(false);
  private media: AudioVideoFacade | null = null;
  private heartbeat: Heartbeat | null = null;
  private since = 0;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private begun = false;
  private isClosed = false;
  private readonly stopFollowing: (() => void)[] = [];
  private readonly onOffline = () => this.lost();
  private readonly onOnline = () => {
    if (this.state.value.kind === 'reconnecting') this.again(0);
  };

  constructor(
    private readonly credentials: Media,
    private readonly devices: Devices,
    private readonly audio: HTMLAudioElement,
    /** Whether sound goes by this page too, not by another one beside it. */
    private readonly withSound = true,
  ) {
    addEventListener('offline', this.onOffline);
    addEventListener('online', this.onOnline);
    this.stopFollowing.push(effect(() => void this.send(devices.sound.value, devices.picture.value)));
    this.stopFollowing.push(effect(() => void this.speakThrough(devices.chosen.value.speaker)));
  }

  /** Connects. */
  async start(): Promise<void> {
    if (this.isClosed) return;
    this.since ||= Date.now();
    this.stopSession();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(0), TRY_MS);
    try {
      const media = this.open();
      this.media = media;
      await this.send(this.devices.sound.value, this.devices.picture.value);
      await this.speakThrough(this.devices.chosen.value.speaker);
      if (this.withSound) await media.bindAudioElement(this.audio);
      else media.realtimeMuteLocalAudio();
      if (this.media === media) media.start();
    } catch (error) {
      console.warn('the call could not be started', error);
      this.again(1000 * 2 ** Math.min(this.tries, 3));
    }
  }

  /** After `failed`: everything from the beginning. */
  retry(): void {
    this.since = 0;
    this.tries = 0;
    this.state.value = { kind: 'reconnecting' };
    void this.start();
  }

  setMuted(muted: boolean): void {
    this.muted.value = muted;
    if (muted) this.media?.realtimeMuteLocalAudio();
    else this.media?.realtimeUnmuteLocalAudio();
  }

  async share(on: boolean): Promise<void> {
    try {
      if (on) await this.media?.startContentShareFromScreenCapture();
      else this.media?.stopContentShare();
    } catch {
      // Whoever closes the browser's choice of screens shares none.
      this.sharing.value = false;
    }
  }

  /** After a phone call, or where the browser wants a press first: takes the devices again and plays. */
  async resume(): Promise<void> {
    this.heldBack.value = false;
    await this.devices.ask();
    await this.play();
  }

  bind(tile: number, element: HTMLVideoElement): void {
    this.media?.bindVideoElement(tile, element);
  }

  unbind(tile: number): void {
    this.media?.unbindVideoElement(tile);
  }

  /** Leaves for good. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    removeEventListener('offline', this.onOffline);
    removeEventListener('online', this.onOnline);
    for (const stop of this.stopFollowing) stop();
    this.captions.close();
    this.stopSession();
  }

  // What the client tells.

  audioVideoDidStart(): void {
    clearTimeout(this.timer);
    this.since = 0;
    this.tries = 0;
    this.state.value = { kind: 'connected' };
    this.quality.value = 'good';
    this.heartbeat?.stop();
    const { media } = this;
    if (!media) return;
    this.begun = true;
    if (this.devices.picture.value) media.startLocalVideoTile();
    this.heartbeat = new Heartbeat(() => media.getRTCPeerConnectionStats(), () => this.lost(), this.withSound);
    if (this.withSound) void this.play();
  }

  audioVideoDidStartConnecting(reconnecting: boolean): void {
    if (reconnecting) this.lost();
  }

  audioVideoDidStop(status: MeetingSessionStatus): void {
    this.heartbeat?.stop();
    const why = stopOf(status.statusCode());
    if (why === 'left' || this.isClosed) return;
    if (why === 'dropped') this.lost();
    else this.stop(why);
  }

  videoTileDidUpdate({ tileId, boundAttendeeId, localTile, isContent }: VideoTileState): void {
    if (tileId === null || !boundAttendeeId || localTile) return;
    const others = this.tiles.value.filter((tile) => tile.id !== tileId);
    this.tiles.value = [...others, { id: tileId, attendeeId: boundAttendeeId, isContent }];
  }

  videoTileWasRemoved(tileId: number): void {
    this.tiles.value = this.tiles.value.filter((tile) => tile.id !== tileId);
  }

  connectionDidBecomePoor(): void {
    this.quality.value = 'weak';
  }

  connectionDidSuggestStopVideo(): void {
    this.quality.value = 'poor';
  }

  connectionDidBecomeGood(): void {
    this.quality.value = 'good';
  }

  private open(): AudioVideoFacade {
    const { meeting, attendee } = this.credentials;
    const logger = new ConsoleLogger('call', LogLevel.OFF);
    const configuration = new MeetingSessionConfiguration(meeting, attendee);
    const session = new DefaultMeetingSession(configuration, logger, new DefaultDeviceController(logger));
    const { audioVideo } = session;
    audioVideo.addObserver(this);
    audioVideo.addContentShareObserver({
      contentShareDidStart: () => (this.sharing.value = true),
      contentShareDidStop: () => (this.sharing.value = false),
    });
    audioVideo.realtimeSubscribeToAttendeeIdPresence((id, present, user, dropped) => this.notice(audioVideo, id, present, user ?? '', dropped ?? false));
    audioVideo.transcriptionController?.subscribeToTranscriptEvent((event) => this.captions.hear(event));
    return audioVideo;
  }

  private notice(media: AudioVideoFacade, attendeeId: string, present: boolean, externalUserId: string, dropped: boolean): void {
    if (media !== this.media || attendeeId === this.credentials.attendee?.AttendeeId || attendeeId.endsWith(CONTENT)) return;
    const known = this.people.value.find((person) => person.attendeeId === attendeeId);
    const others = this.people.value.filter((person) => person !== known);
    if (present) {
      this.people.value = [...others, { attendeeId, externalUserId, muted: known?.muted ?? false, dropped: false }];
      if (!known) media.realtimeSubscribeToVolumeIndicator(attendeeId, (_, __, muted) => this.noticeMuted(attendeeId, muted));
    } else {
      media.realtimeUnsubscribeFromVolumeIndicator(attendeeId);
      // Who was cut off is still expected.
      this.people.value = dropped && known ? [...others, { ...known, dropped: true }] : others;
    }
  }

  private noticeMuted(attendeeId: string, muted: boolean | null): void {
    if (muted === null) return;
    this.people.value = this.people.value.map((person) => (person.attendeeId === attendeeId ? { ...person, muted } : person));
  }

  private async send(sound: MediaStream | null, picture: MediaStream | null): Promise<void> {
    const { media } = this;
    if (!media) return;
    try {
      if (sound && this.withSound) await media.startAudioInput(sound);
      if (picture) {
        await media.startVideoInput(picture);
        // A picture that is offered before the call has begun is never sent.
        if (this.begun) media.startLocalVideoTile();
      } else {
        media.stopLocalVideoTile();
        await media.stopVideoInput();
      }
    } catch (error) {
      console.warn('a device cannot be used in the call', error);
    }
    if (this.muted.value) media.realtimeMuteLocalAudio();
    for (const track of sound?.getAudioTracks() ?? []) this.watch(track);
  }

  private async play(): Promise<void> {
    try {
      await this.audio.play();
    } catch (error) {
      // Only this waits for a press; sound that the next try took the place of meanwhile goes on by itself.
      if ((error as DOMException).name === 'NotAllowedError') this.heldBack.value = true;
    }
  }

  /** A phone call takes the microphone away without a word to the client. */
  private watch(track: MediaStreamTrack): void {
    track.onmute = () => {
      setTimeout(() => {
        if (track.muted && track.readyState === 'live') this.heldBack.value = true;
      }, 1500);
    };
    track.onended = () => (this.heldBack.value = true);
    track.onunmute = () => (this.heldBack.value = false);
  }

  private async speakThrough(speaker: string | undefined): Promise<void> {
    if (speaker) await this.media?.chooseAudioOutput(speaker).catch(() => undefined);
  }

  /** Nothing is heard of the others any more. */
  private lost(): void {
    if (this.isClosed || this.state.value.kind === 'stopped' || this.state.value.kind === 'failed') return;
    this.heartbeat?.stop();
    this.since ||= Date.now();
    this.state.value = { kind: 'reconnecting' };
    this.again(0);
  }

  private again(milliseconds: number): void {
    if (this.isClosed) return;
    clearTimeout(this.timer);
    if (this.since && Date.now() - this.since > HEALS_MS) {
      this.stopSession();
      this.state.value = { kind: 'failed' };
      return;
    }
    // Without a network nothing can begin; its return is told.
    const wait = navigator.onLine ? milliseconds : 2000;
    this.tries += 1;
    if (this.state.value.kind === 'connecting' && this.tries > 1) this.state.value = { kind: 'reconnecting' };
    this.timer = setTimeout(() => void (navigator.onLine ? this.start() : this.again(0)), wait);
  }

  private stop(why: Extract<CallState, { kind: 'stopped' }>['why']): void {
    clearTimeout(this.timer);
    this.state.value = { kind: 'stopped', why };
    this.stopSession();
  }

  private stopSession(): void {
    this.heartbeat?.stop();
    const { media } = this;
    this.media = null;
    this.begun = false;
    this.tiles.value = [];
    this.people.value = [];
    if (!media) return;
    // The old session's last words are no news.
    media.removeObserver(this);
    media.stop();
  }
}

function stopOf(code: MeetingSessionStatusCode): 'left' | 'dropped' | Extract<CallState, { kind: 'stopped' }>['why'] {
  switch (code) {
    case MeetingSessionStatusCode.Left:
      return 'left';
    case MeetingSessionStatusCode.MeetingEnded:
    // Credentials that count no more: the meeting was made anew, or the session moved.
    case MeetingSessionStatusCode.AudioAuthenticationRejected:
      return 'meeting-over';
    case MeetingSessionStatusCode.AudioAttendeeRemoved:
      return 'removed';
    case MeetingSessionStatusCode.AudioJoinedFromAnotherDevice:
      return 'elsewhere';
    case MeetingSessionStatusCode.AudioCallAtCapacity:
      return 'full';
    default:
      return 'dropped';
  }
}
