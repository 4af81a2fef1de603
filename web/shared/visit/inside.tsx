import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Practice } from '../api/types';
import type { CallViewProps } from '../call/view';
import { t } from '../i18n/texts';
import type { Devices } from '../media-devices/devices';
import { announce } from '../view/announce';
import { Button, Notice, PhoneLink, Spinner } from '../view/controls';
import { Heading, Page } from '../view/page';
import { useAwake } from './awake';
import type { InVisit, Over } from './in-visit';
import { chime } from './sound';

export interface InsideProps {
  visit: InVisit;
  devices: Devices;
  withCamera: boolean;
  practice: Practice | undefined;
  clinicianName: string | undefined;
  /** Whether coming back works after the page was closed. */
  durable: boolean;
  /** After leaving: in again. */
  onBack: () => void;
  /** When this session counts no more. */
  onOver: () => void;
}

let fetched: Promise<ComponentType<CallViewProps>> | undefined;

/** The call's code, fetched once; a fetch that failed is tried again by the next who asks. */
export function loadCall(): Promise<ComponentType<CallViewProps>> {
  fetched ??= import('../call/view').then((module) => module.default);
  fetched.catch(() => (fetched = undefined));
  return fetched;
}

/** Inside a visit: waiting, in the call, afterwards. */
export function Inside(props: InsideProps) {
  const { visit } = props;
  const stand = visit.stand.value;
  const practice = visit.practice.value ?? props.practice;
  const before = useRef(stand.kind);
  useEffect(() => {
    const was = before.current;
    before.current = stand.kind;
    const words = t(stand.kind === 'over' ? `over-${stand.why}` : `stand-${stand.kind}`);
    document.title = words;
    if (was === 'waiting' && (stand.kind === 'joining' || stand.kind === 'call')) {
      chime();
      announce(t('let-in'), 'at once');
    } else if (stand.kind !== 'call') announce(words, stand.kind === 'over' ? 'at once' : 'politely');
    if (stand.kind === 'over' || stand.kind === 'left') props.devices.turnOff();
  }, [stand.kind]);
  switch (stand.kind) {
    case 'call':
      return <LoadedCall {...props} practice={practice} media={stand.media} />;
    case 'resuming':
    case 'joining':
      return (
        <Page practice={practice}>
          <Heading state={stand.kind}>
            <Spinner /> {t(`stand-${stand.kind}`)}
          </Heading>
          {visit.offline.value && <Notice kind="warn">{t('offline')}</Notice>}
        </Page>
      );
    case 'waiting':
      return <Waiting {...props} practice={practice} position={stand.position} forecast={stand.forecast} />;
    case 'left':
      return <Left practice={practice} onBack={props.onBack} />;
    case 'over':
      return <After practice={practice} why={stand.why} onOver={props.onOver} />;
  }
}

type WaitingProps = InsideProps & { position: number; forecast: number | undefined };

function Waiting({ visit, practice, durable, clinicianName, position, forecast }: WaitingProps) {
  useAwake();
  useEffect(() => void loadCall().catch(() => undefined), []);
  const minutes = forecast === undefined ? undefined : Math.max(1, Math.round(forecast / 60));
  return (
    <Page practice={practice}>
      <Heading state="waiting">{t('stand-waiting')}</Heading>
      <section class="card">
        <p class="lead">{clinicianName ? t('waiting-knows', { name: clinicianName }) : t('waiting-knows-nameless')}</p>
        <p data-position={position} aria-live="polite">
          {t('waiting-position', { position })}
        </p>
        {minutes !== undefined && <p data-forecast={minutes}>{t('waiting-forecast', { minutes })}</p>}
      </section>
      {visit.offline.value ? <Notice kind="warn">{t('offline')}</Notice> : <Notice>{t('waiting-stay')}</Notice>}
      {!durable && <Notice kind="warn">{t('do-not-close')}</Notice>}
      <div class="actions">
        {practice?.supportPhone && <PhoneLink phone={practice.supportPhone} button />}
        <Button kind="quiet" onPress={() => void visit.leave()} name="leave">
          {t('waiting-leave')}
        </Button>
      </div>
    </Page>
  );
}

function LoadedCall(props: InsideProps & { media: CallViewProps['media'] }) {
  const [View, setView] = useState<ComponentType<CallViewProps> | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    loadCall().then((loaded) => setView(() => loaded), () => setFailed(true));
  };
  useAwake();
  useEffect(load, []);
  const { visit } = props;
  const nameOf = (participantId: string) => {
    const people = visit.people.value;
    const others = people.filter(({ role }) => role !== visit.role.value);
    // Amazon Connect does not say who is who: with two there is no question.
    const only = props.media.provider === 'connect' && others.length === 1 ? others[0] : undefined;
    return (people.find((person) => person.participantId === participantId) ?? only)?.displayName;
  };
  if (View) return <View {...props} nameOf={nameOf} onLeave={() => void visit.leave()} />;
  return (
    <Page practice={props.practice}>
      <Heading state="joining">
        {!failed && <Spinner />} {t('stand-joining')}
      </Heading>
      {failed && (
        <>
          <Notice kind="bad">{t('trouble-offline')}</Notice>
          <Button kind="primary" onPress={load} name="again">
            {t('try-again')}
          </Button>
        </>
      )}
    </Page>
  );
}

function Left({ practice, onBack }: { practice: Practice | undefined; onBack: () => void }) {
  return (
    <Page practice={practice}>
      <Heading state="left">{t('stand-left')}</Heading>
      <p class="lead">{t('left-what')}</p>
      <div class="actions">
        <Button kind="primary" onPress={onBack} name="back">
          {t('left-back')}
        </Button>
        {practice?.supportPhone && <PhoneLink phone={practice.supportPhone} button />}
      </div>
    </Page>
  );
}

function After({ practice, why, onOver }: { practice: Practice | undefined; why: Over; onOver: () => void }) {
  return (
    <Page practice={practice}>
      <Heading state={`over-${why}`}>{t(`over-${why}`)}</Heading>
      <p class="lead">{t(`over-${why}-what`)}</p>
      <div class="actions">
        {why === 'elsewhere' && (
          <Button kind="primary" onPress={onOver} name="over">
            {t('over-again')}
          </Button>
        )}
        {practice?.supportPhone && <PhoneLink phone={practice.supportPhone} button />}
        {why === 'ended' && (
          <a class="button quiet" href="/portal">
            {t('to-portal')}
          </a>
        )}
      </div>
    </Page>
  );
}
