import { computed, signal } from '@preact/signals';

/** Why camera or microphone cannot be used: each has advice of its own. */
export type Obstacle = 'denied' | 'missing' | 'busy' | 'unsupported' | 'failed';

/** How camera and microphone stand. */
export type Standing = { kind: 'off' } | { kind: 'asking' } | { kind: 'on' } | { kind: 'obstacle'; why: Obstacle };

/** The devices that were chosen, by their ids; what is absent is the browser's choice. */
export interface Chosen {
  camera?: string;
  microphone?: string;
  speaker?: string;
}

/** Camera, microphone and speaker before the call. Nothing of it leaves the device. */
export class Devices {
  readonly camera = signal<Standing>({ kind: 'off' });
  readonly microphone = signal<Standing>({ kind: 'off' });
  /** Where the microphone works alone, the visit is possible without the picture. */
  readonly picture = signal<MediaStream | null>(null);
  readonly sound = signal<MediaStream | null>(null);
  readonly found = signal<MediaDeviceInfo[]>([]);
  readonly chosen = signal<Chosen>({});
  /** Whether there is another camera to look with. */
  readonly canFlip = computed(() => this.found.value.filter(({ kind }) => kind === 'videoinput').length > 1);
  private facing: 'user' | 'environment' = 'user';
  private readonly onChange = () => void this.list();

  constructor(
    private readonly withCamera: boolean,
    /** Without it the microphone is something else's. */
    private readonly withMicrophone = true,
  ) {
    navigator.mediaDevices?.addEventListener?.('devicechange', this.onChange);
  }

  /** Asks for what the visit needs: one question of the browser for both. */
  async ask(): Promise<void> {
    if (!navigator.mediaDevices?.getUserMedia) {
      this.camera.value = this.microphone.value = { kind: 'obstacle', why: 'unsupported' };
      return;
    }
    if (!this.withMicrophone) {
      if (this.withCamera) await this.turnCameraOn();
      return this.list();
    }
    this.microphone.value = { kind: 'asking' };
    if (this.withCamera) {
      this.camera.value = { kind: 'asking' };
      if (await this.askForBoth()) return this.list();
      await this.turnCameraOn();
    }
    await this.openMicrophone();
    await this.list();
  }

  /** Asks for the camera alone, for one that was off or refused. */
  async turnCameraOn(): Promise<void> {
    this.stop(this.picture.value);
    this.camera.value = { kind: 'asking' };
    try {
      this.picture.value = await navigator.mediaDevices.getUserMedia({ video: pictureOf(this.chosen.value.camera, this.facing) });
      this.camera.value = { kind: 'on' };
    } catch (error) {
      this.picture.value = null;
      this.camera.value = { kind: 'obstacle', why: obstacleOf(error) };
    }
  }

  /** The other camera of a phone; where cameras do not say where they look, the next one. */
  async flip(): Promise<void> {
    const { facingMode, deviceId } = this.picture.value?.getVideoTracks()[0]?.getSettings() ?? {};
    if (!facingMode) {
      const cameras = this.found.value.filter(({ kind }) => kind === 'videoinput');
      const next = cameras[(cameras.findIndex((camera) => camera.deviceId === deviceId) + 1) % cameras.length];
      if (next) await this.choose('videoinput', next.deviceId);
      // Another program may have it: the one that worked goes on.
      if (deviceId && this.camera.value.kind !== 'on') await this.choose('videoinput', deviceId);
      return;
    }
    this.facing = facingMode === 'environment' ? 'user' : 'environment';
    const { camera: _, ...others } = this.chosen.value;
    this.chosen.value = others;
    await this.turnCameraOn();
  }

  turnCameraOff(): void {
    this.stop(this.picture.value);
    this.picture.value = null;
    this.camera.value = { kind: 'off' };
  }

  /** Takes another device from now on. */
  async choose(kind: MediaDeviceKind, id: string): Promise<void> {
    if (kind === 'videoinput') {
      this.chosen.value = { ...this.chosen.value, camera: id };
      await this.turnCameraOn();
    } else if (kind === 'audioinput') {
      this.chosen.value = { ...this.chosen.value, microphone: id };
      await this.openMicrophone();
    } else {
      this.chosen.value = { ...this.chosen.value, speaker: id };
    }
  }

  /** Lets go of both: no light stays on. */
  turnOff(): void {
    this.turnCameraOff();
    this.stop(this.sound.value);
    this.sound.value = null;
    this.microphone.value = { kind: 'off' };
  }

  private async askForBoth(): Promise<boolean> {
    try {
      const { camera, microphone } = this.chosen.value;
      const both = await navigator.mediaDevices.getUserMedia({ video: pictureOf(camera, this.facing), audio: soundOf(microphone) });
      this.picture.value = new MediaStream(both.getVideoTracks());
      this.sound.value = new MediaStream(both.getAudioTracks());
      this.camera.value = this.microphone.value = { kind: 'on' };
      return true;
    } catch {
      // One of the two may work all the same.
      return false;
    }
  }

  private async openMicrophone(): Promise<void> {
    this.stop(this.sound.value);
    try {
      this.sound.value = await navigator.mediaDevices.getUserMedia({ audio: soundOf(this.chosen.value.microphone) });
      this.microphone.value = { kind: 'on' };
    } catch (error) {
      this.sound.value = null;
      this.microphone.value = { kind: 'obstacle', why: obstacleOf(error) };
    }
  }

  private async list(): Promise<void> {
    const found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    // Before they may be used devices have neither id nor name.
    this.found.value = found.filter(({ deviceId }) => deviceId !== '');
  }

  private stop(stream: MediaStream | null): void {
    for (const track of stream?.getTracks() ?? []) track.stop();
  }
}

function pictureOf(id: string | undefined, facingMode: 'user' | 'environment'): MediaTrackConstraints {
  return { width: { ideal: 1280 }, height: { ideal: 720 }, ...(id ? { deviceId: { exact: id } } : { facingMode }) };
}

function soundOf(id: string | undefined): MediaTrackConstraints {
  return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(id ? { deviceId: { exact: id } } : {}) };
}

function obstacleOf(error: unknown): Obstacle {
  switch ((error as DOMException).name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}
