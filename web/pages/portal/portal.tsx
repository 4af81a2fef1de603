import './portal.css';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { VisitSummary } from '../../shared/api/types';
import { serverNow } from '../../shared/device/clock';
import { t } from '../../shared/i18n/texts';
import { inWords, moment, until } from '../../shared/i18n/time';
import { DeviceCheck } from '../../shared/media-devices/check';
import { Devices } from '../../shared/media-devices/devices';
import { Button, Notice, Spinner } from '../../shared/view/controls';
import { Heading, Page } from '../../shared/view/page';
import { Inside, loadCall } from '../../shared/visit/inside';
import { readySound } from '../../shared/visit/sound';
import type { PortalFlow, State } from './flow';

/** A signed-in patient's visits. */
export function Portal({ flow }: { flow: PortalFlow }) {
  const state = flow.state.value;
  const withCamera = !('summary' in state) || state.summary.modality === 'video';
  const devices = useMemo(() => new Devices(withCamera), [withCamera]);
  useEffect(() => {
    if (state.at !== 'in') document.title = t('portal-title');
  }, [state.at]);
  if (state.at === 'in') {
    return (
      <Inside
        visit={state.visit}
        devices={devices}
        withCamera={withCamera}
        practice={flow.practice}
        clinicianName={undefined}
        durable={flow.durable.value}
        onBack={() => void flow.comeBack()}
        onOver={() => void flow.over()}
      />
    );
  }
  const signedIn = state.at === 'visits' || state.at === 'visit';
  return (
    <Page practice={flow.practice}>
      <View state={state} flow={flow} devices={devices} />
      {signedIn && (
        <Button kind="quiet" onPress={() => flow.signOut()} name="sign-out">
          {t('sign-out')}
        </Button>
      )}
    </Page>
  );
}

function View({ state, flow, devices }: { state: Exclude<State, { at: 'in' }>; flow: PortalFlow; devices: Devices }) {
  switch (state.at) {
    case 'loading':
      return (
        <Heading state="loading">
          <Spinner /> {t('state-loading')}
        </Heading>
      );
    case 'unreachable':
      return (
        <>
          <Heading state="unreachable">{t('state-unreachable')}</Heading>
          <p class="lead">{t('trouble-offline')}</p>
          <Button kind="primary" onPress={() => void flow.open()} name="again">
            {t('try-again')}
          </Button>
        </>
      );
    case 'signed-out':
      return <SignedOut flow={flow} state={state} />;
    case 'visits':
      return <Visits flow={flow} state={state} />;
    case 'visit':
      return <Visit key={state.summary.visitId} flow={flow} state={state} devices={devices} />;
  }
}

function SignedOut({ flow, state }: { flow: PortalFlow; state: Extract<State, { at: 'signed-out' }> }) {
  return (
    <>
      <Heading state="signed-out">{t('portal-title')}</Heading>
      {state.refused && <Notice kind="warn">{t('portal-refused')}</Notice>}
      <p class="lead">{t('portal-what')}</p>
      <div class="actions">
        {state.practices.map((practice) => (
          <Button key={practice.practice} kind="primary" onPress={() => void flow.start(practice)} name="sign-in">
            {t('sign-in-at', { practice: practice.name })}
          </Button>
        ))}
      </div>
      <p class="soft">{t('portal-link-too')}</p>
    </>
  );
}

function Visits({ flow, state }: { flow: PortalFlow; state: Extract<State, { at: 'visits' }> }) {
  const isPast = (visit: VisitSummary) => !['SCHEDULED', 'ACTIVE', 'REQUESTED'].includes(visit.status) || Date.parse(visit.closesAt) <= serverNow();
  const upcoming = state.visits.filter((visit) => !isPast(visit));
  const past = state.visits.filter(isPast).reverse();
  return (
    <>
      <Heading state="visits">{t('portal-title')}</Heading>
      <section aria-labelledby="upcoming" class="visits">
        <h2 id="upcoming">{t('portal-upcoming')}</h2>
        {upcoming.length === 0 ? <p>{t('portal-none')}</p> : <List visits={upcoming} flow={flow} />}
      </section>
      <a class="button" href="/check">
        {t('check-devices')}
      </a>
      {past.length > 0 && (
        <section aria-labelledby="past" class="visits">
          <h2 id="past">{t('portal-past')}</h2>
          <List visits={past} flow={flow} />
        </section>
      )}
      {state.older && (
        <Button onPress={() => void flow.more()} name="more">
          {t('portal-more')}
        </Button>
      )}
    </>
  );
}

function List({ visits, flow }: { visits: VisitSummary[]; flow: PortalFlow }) {
  return (
    <ul class="list">
      {visits.map((visit) => (
        <li key={visit.visitId}>
          <button type="button" class="row" data-visit={visit.visitId} onClick={() => void flow.show(visit)}>
            <strong>{moment(visit.scheduledAt, visit.timezone)}</strong>
            <span>{t(`portal-${visit.modality}`)}</span>
            <span class="soft">{t(`status-${visit.status}`)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Visit({ flow, state, devices }: { flow: PortalFlow; state: Extract<State, { at: 'visit' }>; devices: Devices }) {
  const { summary, detail, fault, joining } = state;
  return (
    <>
      <Button kind="quiet" onPress={() => void flow.list()} name="list">
        {t('portal-back')}
      </Button>
      <Heading state="visit">{moment(summary.scheduledAt, summary.timezone)}</Heading>
      <p class="lead">
        {t(`portal-${summary.modality}`)}, {t(`status-${detail?.status ?? summary.status}`)}
      </p>
      {fault && <Notice kind="bad">{t(`portal-fault-${fault}`)}</Notice>}
      {!detail && !fault && <Spinner />}
      {detail?.patientInstructions && (
        <section class="card">
          <h2>{t('portal-instructions')}</h2>
          <p class="words" dir="auto">
            {detail.patientInstructions}
          </p>
        </section>
      )}
      {detail?.notes && (
        <section class="card">
          <h2>{t('portal-notes')}</h2>
          <p class="words" dir="auto" data-notes>
            {detail.notes}
          </p>
        </section>
      )}
      {['SCHEDULED', 'ACTIVE'].includes(detail?.status ?? summary.status) && <Entrance flow={flow} summary={summary} devices={devices} joining={joining} />}
    </>
  );
}

/** The way in, from the opening time on. */
function Entrance({ flow, summary, devices, joining }: { flow: PortalFlow; summary: VisitSummary; devices: Devices; joining: boolean }) {
  const [now, setNow] = useState(serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1000);
    return () => clearInterval(timer);
  }, []);
  const open = Date.parse(summary.opensAt) <= now;
  useEffect(() => {
    if (open) loadCall().catch(() => undefined);
  }, [open]);
  if (Date.parse(summary.closesAt) <= now) return <Notice>{t('portal-fault-over')}</Notice>;
  if (!open) {
    return (
      <Notice>
        <span>{t('early-opens')}</span>
        <strong role="timer" aria-live="off">
          {inWords(until(summary.opensAt))}
        </strong>
        <a class="button" href="/check" target="_blank" rel="noopener">
          {t('check-devices')}
        </a>
      </Notice>
    );
  }
  const join = () => {
    readySound();
    void flow.join(summary);
  };
  return (
    <>
      <DeviceCheck devices={devices} withCamera={summary.modality === 'video'} />
      <Button kind="primary" busy={joining} onPress={join} name="join">
        {t(joining ? 'joining' : 'join')}
      </Button>
    </>
  );
}
