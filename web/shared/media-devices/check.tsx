import './check.css';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n/texts';
import { Button, Notice } from '../view/controls';
import { browserOf } from './browser';
import type { Chosen, Devices, Obstacle } from './devices';
import { Meter } from './meter';

/** Camera and microphone: seen and heard by oneself, before anybody else. */
export function DeviceCheck({ devices, withCamera }: { devices: Devices; withCamera: boolean }) {
  const [camera, microphone] = [devices.camera.value, devices.microphone.value];
  if (camera.kind === 'off' && microphone.kind === 'off') {
    return (
      <section class="card" aria-label={t('devices-title')}>
        <p>{t(withCamera ? 'devices-why' : 'devices-why-audio')}</p>
        <Button onPress={() => void devices.ask()} name="devices">
          {t(withCamera ? 'devices-turn-on' : 'devices-turn-on-audio')}
        </Button>
      </section>
    );
  }
  const refused = [camera, microphone].flatMap((standing) => (standing.kind === 'obstacle' ? [standing.why] : []))[0];
  return (
    <section class="card" aria-label={t('devices-title')} data-devices={`${camera.kind} ${microphone.kind}`}>
      {withCamera && <Preview devices={devices} />}
      {devices.sound.value && (
        <div class="microphone">
          <span>{t('microphone-say-something')}</span>
          <Meter stream={devices.sound.value} />
        </div>
      )}
      {refused && <Help why={refused} devices={devices} />}
      <Pickers devices={devices} withCamera={withCamera} />
    </section>
  );
}

function Preview({ devices }: { devices: Devices }) {
  const video = useRef<HTMLVideoElement>(null);
  const stream = devices.picture.value;
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  const standing = devices.camera.value;
  return (
    <>
      {standing.kind !== 'obstacle' && <div class="preview">
        {stream ? (
          <video ref={video} autoPlay muted playsInline aria-label={t('camera-preview')} />
        ) : (
          <p>{t(standing.kind === 'asking' ? 'devices-asking' : 'camera-is-off')}</p>
        )}
      </div>}
      {standing.kind === 'on' && (
        <Button kind="quiet" onPress={() => devices.turnCameraOff()} name="camera-off">
          {t('camera-turn-off')}
        </Button>
      )}
      {standing.kind === 'off' && (
        <Button kind="quiet" onPress={() => void devices.turnCameraOn()} name="camera-on">
          {t('camera-turn-on')}
        </Button>
      )}
    </>
  );
}

/** What to do, step by step, in this very browser. */
function Help({ why, devices }: { why: Obstacle; devices: Devices }) {
  const { family, system } = browserOf(navigator.userAgent);
  const where = system === 'ios' ? 'ios' : system === 'android' ? 'android' : family === 'safari' ? 'safari' : family === 'firefox' ? 'firefox' : 'desktop';
  return (
    <Notice kind="warn">
      <strong>{t(`devices-${why}`)}</strong>
      {why === 'denied' && <span>{t(`devices-allow-${where}`)}</span>}
      <span>{t('devices-without')}</span>
      <Button onPress={() => void devices.ask()} name="devices-again">
        {t('devices-again')}
      </Button>
    </Notice>
  );
}

function Pickers({ devices, withCamera }: { devices: Devices; withCamera: boolean }) {
  // A browser that cannot choose its speaker shows none.
  const speakers = 'setSinkId' in HTMLMediaElement.prototype;
  const chosen = devices.chosen.value;
  if (devices.found.value.length === 0) return null;
  return (
    <details class="pickers">
      <summary>{t('devices-choose')}</summary>
      {withCamera && <Picker devices={devices} kind="videoinput" label={t('camera')} chosen={chosen.camera} />}
      <Picker devices={devices} kind="audioinput" label={t('microphone')} chosen={chosen.microphone} />
      {speakers && <Picker devices={devices} kind="audiooutput" label={t('speaker')} chosen={chosen.speaker} />}
    </details>
  );
}

interface PickerProps {
  devices: Devices;
  kind: MediaDeviceKind;
  label: string;
  chosen: Chosen[keyof Chosen] | undefined;
}

function Picker({ devices, kind, label, chosen }: PickerProps) {
  const id = useId();
  const choices = devices.found.value.filter((device) => device.kind === kind);
  if (choices.length === 0) return null;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} class="input" value={chosen ?? choices[0]?.deviceId} onChange={(event) => void devices.choose(kind, event.currentTarget.value)}>
        {choices.map((choice, index) => (
          <option key={choice.deviceId} value={choice.deviceId}>
            {choice.label || `${label} ${index + 1}`}
          </option>
        ))}
      </select>
    </div>
  );
}
