import './view.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Media, Practice } from '../api/types';
import { t } from '../i18n/texts';
import type { Devices } from '../media-devices/devices';
import { Announcer, announce } from '../view/announce';
import { Button, PhoneLink } from '../view/controls';
import { useFocus } from '../view/focus';
import type { InVisit } from '../visit/in-visit';
import { Call, type CallState, type Person, type Tile } from './call';
import { Controls } from './controls';
import { apart, useNews } from './news';

export interface CallViewProps {
  /** The call is a part of a page that has a main part already. */
  isPart?: boolean;
  visit: InVisit;
  media: Media;
  devices: Devices;
  withCamera: boolean;
  /** Without it, sound goes by something beside this page. */
  withSound?: boolean;
  practice: Practice | undefined;
  /** What somebody is called here, by the participant's id. */
  nameOf: (participantId: string) => string | undefined;
  onLeave: () => void;
}

/** The call: everybody's picture, what one can do, and how the connection is, in words. */
export default function CallView(props: CallViewProps) {
  const { visit, media, devices, practice } = props;
  const Main = props.isPart ? 'div' : 'main';
  const audio = useRef<HTMLAudioElement>(null);
  const [call, setCall] = useState<Call | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useFocus(heading, [], { preventScroll: true });
  const identity = `${media.epoch} ${media.attendee?.AttendeeId} ${media.attendee?.JoinToken}`;

  useEffect(() => {
    if (!audio.current || !media.meeting || !media.attendee) return;
    const joined = new Call(media, devices, audio.current, props.withSound ?? true);
    setCall(joined);
    // Whoever comes straight into the call, by coming back, has not been asked for the devices yet.
    const ready = devices.microphone.value.kind === 'off' ? devices.ask() : Promise.resolve();
    void ready.then(() => joined.start());
    return () => joined.close();
  }, [identity]);

  return (
    <div class="call" data-call={call?.state.value.kind ?? 'connecting'}>
      <audio ref={audio} autoPlay />
      <header class="call-head">
        <h1 ref={heading} tabIndex={-1} data-state="call">
          {practice?.name ?? t('product')}
        </h1>
        {call && <QualityWords call={call} />}
        <RecordingSign visit={visit} />
        {practice?.supportPhone && <PhoneLink phone={practice.supportPhone} />}
      </header>
      <Main class="call-main">{call && <Inside {...props} call={call} />}</Main>
      {visit.offline.value && <p class="call-notice">{t('offline')}</p>}
      <Announcer />
    </div>
  );
}

function Inside({ call, ...props }: CallViewProps & { call: Call }) {
  const helping = useSignal(false);
  useNews(call, props);
  useFollow(call, props.visit);
  const { kind } = call.state.value;
  return (
    <>
      <Standing state={call.state.value} call={call} />
      <Stage call={call} {...props} />
      <CaptionLines call={call} nameOf={props.nameOf} />
      {call.heldBack.value && kind !== 'connecting' && (
        <div class="resume">
          <Button kind="primary" onPress={() => void call.resume()} name="resume">
            {t('call-resume')}
          </Button>
        </div>
      )}
      <Controls call={call} devices={props.devices} withCamera={props.withCamera} withSound={props.withSound ?? true} practice={props.practice} helping={helping} onLeave={props.onLeave} />
    </>
  );
}

/** Asks the API how to go on when the meeting itself says that it is over for us. */
function useFollow(call: Call, visit: InVisit): void {
  const last = useRef(0);
  useSignalEffect(() => {
    const state = call.state.value;
    // Two tabs of one person must not take the call from each other for ever: a press decides.
    if (state.kind !== 'stopped' || state.why === 'elsewhere') return;
    // A meeting that refuses at once must not be asked for ever faster.
    const wait = Math.max(0, last.current + 5000 - Date.now());
    last.current = Date.now() + wait;
    const timer = setTimeout(() => void visit.rejoin().then(() => visit.stand.peek().kind === 'call' && call.retry()), wait);
    return () => clearTimeout(timer);
  });
}

/** What must be known all the time: that others keep what is seen and said. */
function RecordingSign({ visit }: { visit: InVisit }) {
  const recorded = visit.recorded.value;
  const before = useRef(false);
  useEffect(() => {
    if (recorded !== before.current) announce(t(recorded ? 'call-recorded' : 'call-recorded-over'), 'at once');
    before.current = recorded;
  }, [recorded]);
  return recorded ? <p class="recorded">{t('call-recorded')}</p> : null;
}

/** Beside what is heard, so no live region: a screen reader would speak over the speaker. */
function CaptionLines({ call, nameOf }: { call: Call; nameOf: CallViewProps['nameOf'] }) {
  const { offered, wanted, lines } = call.captions;
  if (!offered.value || !wanted.value) return null;
  return (
    <div class="captions" dir="auto">
      {lines.value.map(({ id, externalUserId, words }) => {
        const name = externalUserId && nameOf(externalUserId);
        return (
          <p key={id}>
            {name && <strong>{t('call-says', { name })} </strong>}
            {words}
          </p>
        );
      })}
    </div>
  );
}

function QualityWords({ call }: { call: Call }) {
  const { kind } = call.state.value;
  const words = kind === 'connected' ? `quality-${call.quality.value}` : `call-${kind}`;
  return <span class={`quality ${call.quality.value}`}>{t(words)}</span>;
}

function Standing({ state, call }: { state: CallState; call: Call }) {
  switch (state.kind) {
    case 'connected':
      return call.quality.value === 'poor' ? <p class="call-notice">{t('quality-advice')}</p> : null;
    case 'connecting':
      return null;
    case 'stopped':
      if (state.why === 'elsewhere') {
        return (
          <div class="call-notice">
            <span>{t('over-elsewhere')}</span>
            <Button onPress={() => call.retry()} name="call-here">
              {t('over-again')}
            </Button>
          </div>
        );
      }
      return <p class="call-notice">{t(state.why === 'full' ? 'call-full' : 'call-reconnecting-long')}</p>;
    case 'reconnecting':
      return <p class="call-notice">{t('call-reconnecting-long')}</p>;
    case 'failed':
      return (
        <div class="call-notice">
          <span>{t('call-failed-long')}</span>
          <Button onPress={() => call.retry()} name="call-again">
            {t('try-again')}
          </Button>
        </div>
      );
  }
}

/** Who has a tile: everybody; where people are not told apart, whoever has a picture, else one for all. */
function shown(people: Person[], tiles: Tile[], media: Media): Person[] {
  if (apart(media)) return people;
  const seen = people.filter((person) => tiles.some((tile) => tile.attendeeId === person.attendeeId));
  return seen.length > 0 ? seen : people.slice(0, 1);
}

function Stage({ call, devices, nameOf, media }: CallViewProps & { call: Call }) {
  const tiles = call.tiles.value;
  const content = tiles.find((tile) => tile.isContent);
  const people = shown(call.people.value, tiles, media);
  const pictureOf = (person: Person) => tiles.find((tile) => tile.attendeeId === person.attendeeId && !tile.isContent);
  return (
    <div class={content ? 'stage shared' : 'stage'}>
      {content && <Picture call={call} tile={content} label={t('call-screen')} />}
      {people.map((person) => (
        <Somebody key={person.attendeeId} call={call} person={person} tile={pictureOf(person)} name={nameOf(person.externalUserId) ?? t('call-somebody')} />
      ))}
      {people.length === 0 && !content && <p class="alone">{t(call.state.value.kind === 'connected' ? 'call-alone' : 'call-connecting')}</p>}
      {devices.picture.value && <OwnPicture stream={devices.picture.value} />}
    </div>
  );
}

function Somebody({ call, person, tile, name }: { call: Call; person: Person; tile: Tile | undefined; name: string }) {
  const remark = person.dropped ? t('call-person-dropped') : person.muted ? t('call-person-muted') : '';
  const label = remark ? `${name}, ${remark}` : name;
  if (tile && !person.dropped) return <Picture call={call} tile={tile} label={label} />;
  return (
    <div class="tile" data-person={person.externalUserId}>
      <span class="initial" aria-hidden="true">
        {name.slice(0, 1)}
      </span>
      <span class="label">{label}</span>
    </div>
  );
}

function Picture({ call, tile, label }: { call: Call; tile: Tile; label: string }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) call.bind(tile.id, video.current);
    return () => call.unbind(tile.id);
  }, [call, tile.id]);
  return (
    <div class={tile.isContent ? 'tile content' : 'tile'} data-tile={tile.attendeeId}>
      <video ref={video} playsInline autoPlay muted aria-label={label} />
      <span class="label" aria-hidden="true">
        {label}
      </span>
    </div>
  );
}

function OwnPicture({ stream }: { stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  // The camera on the back shows the world, not a mirror.
  const back = useMemo(() => stream.getVideoTracks()[0]?.getSettings().facingMode === 'environment', [stream]);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <div class={back ? 'self' : 'self mirrored'}>
      <video ref={video} playsInline autoPlay muted aria-label={t('camera-preview')} />
    </div>
  );
}
