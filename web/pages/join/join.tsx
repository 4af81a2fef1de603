import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../../shared/i18n/texts';
import { Devices } from '../../shared/media-devices/devices';
import { announce } from '../../shared/view/announce';
import { Button, Spinner } from '../../shared/view/controls';
import { Heading, Page } from '../../shared/view/page';
import { Inside } from '../../shared/visit/inside';
import { Dead, Ended, Incomplete, InApp, Invalid, OtherTab, TurnedAway, Unreachable, Unsupported, Used } from './dead-ends';
import type { JoinFlow } from './flow';
import { Early, Preview } from './preview';
import { ProvingView } from './proving';
import type { State } from './states';

/** The way into a visit, state by state. */
export function Join({ flow }: { flow: JoinFlow }) {
  const state = flow.state.value;
  const withCamera = 'look' in state ? state.look?.modality !== 'audio' : true;
  const devices = useMemo(() => new Devices(withCamera), [withCamera]);
  useEffect(() => {
    if (state.at === 'other-tab') devices.turnOff();
    if (state.at === 'in') return;
    const summary = t(`state-${state.at}`);
    document.title = summary;
    // The first state is read with the page; later ones are news.
    if (state.at !== 'loading') announce(summary);
  }, [state.at]);
  if (state.at === 'in') {
    return (
      <Inside
        visit={state.visit}
        devices={devices}
        withCamera={withCamera}
        practice={state.look?.practice}
        clinicianName={state.look?.clinicianName}
        durable={flow.durable.value}
        onBack={() => void flow.comeBack()}
        onOver={() => void flow.startOver()}
      />
    );
  }
  return (
    <Page practice={'practice' in state ? state.practice : 'look' in state ? state.look?.practice : undefined}>
      <View state={state} flow={flow} devices={devices} withCamera={withCamera} />
    </Page>
  );
}

interface ViewProps {
  state: Exclude<State, { at: 'in' }>;
  flow: JoinFlow;
  devices: Devices;
  withCamera: boolean;
}

function View({ state, flow, devices, withCamera }: ViewProps) {
  switch (state.at) {
    case 'loading':
      return (
        <Heading state="loading">
          <Spinner /> {t('state-loading')}
        </Heading>
      );
    case 'in-app':
      return <InApp flow={flow} app={state.app} practice={state.practice} />;
    case 'unsupported':
      return <Unsupported practice={state.practice} />;
    case 'other-tab':
      return <OtherTab flow={flow} practice={state.practice} />;
    case 'unreachable':
      return <Unreachable flow={flow} trouble={state.trouble} />;
    case 'incomplete':
      return <Incomplete />;
    case 'invalid':
      return <Invalid />;
    case 'dead':
      return <Dead flow={flow} state={state} />;
    case 'used':
      return <Used flow={flow} state={state} />;
    case 'cancelled':
    case 'ended':
      return <Ended at={state.at} practice={state.practice} />;
    case 'turned-away':
      return <TurnedAway practice={state.practice} />;
    case 'early':
      return <Early flow={flow} look={state.look} />;
    case 'preview':
      return <Preview flow={flow} state={state} devices={devices} withCamera={withCamera} />;
    case 'proving':
      return <ProvingView flow={flow} proving={state.proving} practice={state.practice} />;
  }
}

/** An address that names no visit. */
export function Lost() {
  return (
    <Page>
      <Invalid />
      <Button onPress={() => location.assign('/check')}>{t('check-devices')}</Button>
    </Page>
  );
}
