import { useEffect, useState } from 'preact/hooks';
import { serverNow } from '../../shared/device/clock';
import { t } from '../../shared/i18n/texts';
import { inWords, moment, ownZone, until, zoneDiffers } from '../../shared/i18n/time';
import { DeviceCheck } from '../../shared/media-devices/check';
import type { Devices } from '../../shared/media-devices/devices';
import { Button, Field, Notice, PhoneLink } from '../../shared/view/controls';
import { Heading } from '../../shared/view/page';
import { loadCall } from '../../shared/visit/inside';
import { readySound } from '../../shared/visit/sound';
import { calendar } from './calendar';
import type { JoinFlow } from './flow';
import type { Look, State } from './states';

/** Who, when, how: what the message said, said again. */
function Facts({ look }: { look: Look }) {
  const byCode = look.visitId === undefined;
  return (
    <section class="card" aria-label={t('visit-facts')}>
      <p>{t(look.role === 'patient' ? 'visit-with' : 'visit-of', { name: look.clinicianName })}</p>
      <p class="when">{t(byCode ? 'visit-open-from' : 'visit-when', { when: moment(look.scheduledAt, look.timezone) })}</p>
      {zoneDiffers(look.scheduledAt, look.timezone) && <p class="soft">{t('visit-own-zone', { when: moment(look.scheduledAt, ownZone()) })}</p>}
      <p>{t(`visit-${look.modality}`)}</p>
    </section>
  );
}

/** Too early: the page waits with the patient and opens by itself. */
export function Early({ flow, look }: { flow: JoinFlow; look: Look }) {
  const [left, setLeft] = useState(() => until(look.opensAt));
  useEffect(() => {
    const timer = setInterval(() => {
      setLeft(until(look.opensAt));
      if (Date.parse(look.opensAt) <= serverNow()) void flow.look();
    }, 1000);
    // A phone that was asleep asks anew: the visit may have moved.
    const onWake = () => void (document.visibilityState === 'visible' && flow.look());
    document.addEventListener('visibilitychange', onWake);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onWake);
    };
  }, [look.opensAt]);
  return (
    <>
      <Heading state="early">{t('state-early')}</Heading>
      <Facts look={look} />
      <Notice>
        <span>{t('early-opens')}</span>
        <span class="countdown" role="timer" aria-live="off">
          {inWords(left)}
        </span>
        <span>{t('early-stay')}</span>
      </Notice>
      <div class="actions">
        <a class="button" href="/check" target="_blank" rel="noopener">
          {t('check-devices')}
        </a>
        {look.duration !== undefined && (
          <Button onPress={() => calendar({ ...look, duration: look.duration ?? 30 })} name="calendar">
            {t('early-calendar')}
          </Button>
        )}
        {look.practice.supportPhone && <PhoneLink phone={look.practice.supportPhone} button />}
      </div>
    </>
  );
}

/** Milliseconds in which nothing else is in the way of Join. */
const CALL_AFTER_MS = 500;

interface PreviewProps {
  flow: JoinFlow;
  state: Extract<State, { at: 'preview' }>;
  devices: Devices;
  withCamera: boolean;
}

/** Everything at hand: one look at oneself, then Join. */
export function Preview({ flow, state, devices, withCamera }: PreviewProps) {
  const { look, trouble, joining } = state;
  const [nameless, setNameless] = useState(false);
  const needsName = look.visitId === undefined;
  // The call is fetched while the patient looks at the camera, and not before a press could be answered.
  useEffect(() => {
    const timer = setTimeout(() => void loadCall().catch(() => undefined), CALL_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const join = () => {
    const missing = needsName && flow.name.value.trim() === '';
    setNameless(missing);
    if (missing) return;
    readySound();
    void flow.join();
  };
  return (
    <>
      <Heading state="preview">{t(look.role === 'clinician' ? 'preview-clinician' : 'state-preview')}</Heading>
      <Facts look={look} />
      {needsName && (
        <Field
          label={t('name')}
          hint={t('name-why')}
          name="name"
          autoComplete="name"
          maxLength={100}
          required
          value={flow.name.value}
          onText={(text) => (flow.name.value = text)}
          wrong={nameless ? t('name-missing') : undefined}
        />
      )}
      <DeviceCheck devices={devices} withCamera={withCamera} />
      <div class="actions" aria-live="polite">
        {trouble && <Notice kind="bad">{t(`trouble-${trouble}`)}</Notice>}
        <Button kind="primary" busy={joining} onPress={join} name="join">
          {t(joining ? 'joining' : trouble ? 'try-again' : 'join')}
        </Button>
        {look.requires.factors.length > 0 && <p class="soft">{t('preview-factors')}</p>}
        {look.requires.waitingRoom && <p class="soft">{t('preview-waiting-room')}</p>}
        {look.role === 'patient' && <p class="soft">{t('preview-consent')}</p>}
      </div>
    </>
  );
}
