import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { t } from '../../shared/i18n/texts';
import { browserOf, canCall } from '../../shared/media-devices/browser';
import { DeviceCheck } from '../../shared/media-devices/check';
import { Devices } from '../../shared/media-devices/devices';
import { announce } from '../../shared/view/announce';
import { Button, Notice, Spinner } from '../../shared/view/controls';
import { Heading, Page } from '../../shared/view/page';
import { chime, readySound } from '../../shared/visit/sound';
import { measure, type Network } from './network';

const network = signal<Network | null | 'asking'>('asking');

/** Browser, camera, microphone, speaker and network: all before the day of the visit. */
export function Check() {
  const devices = useMemo(() => new Devices(true), []);
  useEffect(() => {
    document.title = t('check-title');
    void look();
  }, []);
  const browser = browserOf(navigator.userAgent);
  const fits = canCall() && browser.app === null;
  return (
    <Page>
      <Heading state="check">{t('check-title')}</Heading>
      <p class="lead">{t('check-what')}</p>
      <Notice kind={fits ? 'good' : 'bad'}>
        <span data-browser={fits ? 'good' : 'bad'}>{t(fits ? 'check-browser-good' : 'check-browser-bad', { browser: browser.name })}</span>
      </Notice>
      <NetworkResult />
      {canCall() && <DeviceCheck devices={devices} withCamera />}
      <section class="card">
        <p>{t('check-speaker')}</p>
        <Button
          name="sound"
          onPress={() => {
            readySound();
            chime();
          }}
        >
          {t('check-speaker-play')}
        </Button>
      </section>
      <Verdict devices={devices} fits={fits} />
    </Page>
  );
}

async function look(): Promise<void> {
  network.value = 'asking';
  network.value = await measure();
}

function NetworkResult() {
  const found = network.value;
  if (found === 'asking') {
    return (
      <Notice>
        <span>
          <Spinner /> {t('check-network-asking')}
        </span>
      </Notice>
    );
  }
  if (!found) {
    return (
      <Notice kind="bad">
        <span data-network="none">{t('check-network-none')}</span>
        <Button onPress={() => void look()} name="network-again">
          {t('try-again')}
        </Button>
      </Notice>
    );
  }
  return (
    <Notice kind={found.good ? 'good' : 'warn'}>
      <span data-network={found.good ? 'good' : 'slow'}>{t(found.good ? 'check-network-good' : 'check-network-slow')}</span>
    </Notice>
  );
}

function Verdict({ devices, fits }: { devices: Devices; fits: boolean }) {
  const ready = fits && devices.microphone.value.kind === 'on' && network.value !== 'asking' && network.value !== null;
  const told = useRef(false);
  useEffect(() => {
    if (ready && !told.current) announce(t('check-ready'));
    told.current = ready;
  }, [ready]);
  return ready ? (
    <Notice kind="good">
      <strong data-verdict="ready">{t('check-ready')}</strong>
      <span>{t('check-ready-how')}</span>
    </Notice>
  ) : null;
}
