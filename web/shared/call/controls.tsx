import type { Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Practice } from '../api/types';
import { t } from '../i18n/texts';
import { DeviceCheck } from '../media-devices/check';
import type { Devices } from '../media-devices/devices';
import { Button, PhoneLink } from '../view/controls';
import { useFocus } from '../view/focus';
import { Icon } from '../view/icons';
import type { Call } from './call';

interface ControlsProps {
  call: Call;
  devices: Devices;
  withCamera: boolean;
  withSound: boolean;
  practice: Practice | undefined;
  /** Whether "Can you hear me?" is open. */
  helping: Signal<boolean>;
  onLeave: () => void;
}

/** What one can do in a call, each with its word. */
export function Controls({ call, devices, withCamera, withSound, practice, helping, onLeave }: ControlsProps) {
  const muted = call.muted.value;
  const cameraOn = devices.picture.value !== null;
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  return (
    <>
      {helping.value && <HelpSheet devices={devices} withCamera={withCamera} practice={practice} onClose={() => (helping.value = false)} />}
      <div class="controls" role="group" aria-label={t('call-controls')}>
        {withSound && (
          <Control icon={muted ? 'microphone-off' : 'microphone'} pressed={muted} name="mute" onPress={() => call.setMuted(!muted)}>
            {t(muted ? 'call-unmute' : 'call-mute')}
          </Control>
        )}
        {withCamera && (
          <Control
            icon={cameraOn ? 'camera' : 'camera-off'}
            pressed={!cameraOn}
            name="camera"
            onPress={() => (cameraOn ? devices.turnCameraOff() : void devices.turnCameraOn())}
          >
            {t(cameraOn ? 'call-camera-off' : 'call-camera-on')}
          </Control>
        )}
        {withCamera && cameraOn && devices.canFlip.value && (
          <Control icon="flip" name="flip" onPress={() => void devices.flip()}>
            {t('call-flip')}
          </Control>
        )}
        {canShare && (
          <Control icon="screen" pressed={call.sharing.value} name="share" onPress={() => void call.share(!call.sharing.value)}>
            {t(call.sharing.value ? 'call-share-stop' : 'call-share')}
          </Control>
        )}
        {call.captions.offered.value && (
          <Control icon="captions" pressed={call.captions.wanted.value} name="captions" onPress={() => (call.captions.wanted.value = !call.captions.wanted.peek())}>
            {t('call-captions')}
          </Control>
        )}
        {withSound && (
          <Control icon="more" name="help" expanded={helping.value} onPress={() => (helping.value = !helping.value)}>
            {t('call-help')}
          </Control>
        )}
        <Control icon="leave" name="leave" kind="leave" onPress={onLeave}>
          {t('call-leave')}
        </Control>
      </div>
    </>
  );
}

interface ControlProps {
  icon: Parameters<typeof Icon>[0]['name'];
  name: string;
  kind?: 'leave';
  pressed?: boolean;
  expanded?: boolean;
  onPress: () => void;
  children: string;
}

function Control({ icon, name, kind, pressed, expanded, onPress, children }: ControlProps) {
  return (
    <button type="button" class={`control ${kind ?? ''}`} data-name={name} aria-pressed={pressed} aria-expanded={expanded} onClick={onPress}>
      <Icon name={icon} />
      {children}
    </button>
  );
}

interface HelpProps {
  devices: Devices;
  withCamera: boolean;
  practice: Practice | undefined;
  onClose: () => void;
}

/** "Can you hear me?": one's own level, the devices to choose from, and the telephone. */
function HelpSheet({ devices, withCamera, practice, onClose }: HelpProps) {
  const sheet = useRef<HTMLElement>(null);
  useFocus(sheet, []);
  return (
    <section class="sheet" ref={sheet} tabIndex={-1} aria-label={t('call-help')} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <h2>{t('call-help')}</h2>
      <p>{t('call-help-how')}</p>
      {practice?.supportPhone && <p>{t('phone-instead')}</p>}
      <DeviceCheck devices={devices} withCamera={withCamera} />
      {practice?.supportPhone && <PhoneLink phone={practice.supportPhone} button />}
      <Button kind="primary" onPress={onClose} name="help-close">
        {t('close')}
      </Button>
    </section>
  );
}
