import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CallViewProps } from '../../shared/call/view';
import { t } from '../../shared/i18n/texts';
import { ownZone, time } from '../../shared/i18n/time';
import { Button, Notice, Spinner } from '../../shared/view/controls';
import type { Over } from '../../shared/visit/in-visit';
import { useAct } from './act';
import { type Calling, calling, hangUp, startCall } from './calling';
import { panel } from './connect/contacts';
import { ContactStage } from './connect/stage';
import type { Work } from './room';
import { type Listed, isLive } from './types';
import { now, rooms } from './watch';

/** Where the call of a visit begins. */
export function CallBox({ listed, work }: { listed: Listed; work: Work }) {
  const act = useAct(work);
  const [left, leave] = useState(false);
  const here = calling.value?.visit.visitId === listed.visitId;
  useEffect(() => {
    if (here) leave(true);
  }, [here]);
  if (!isLive(listed)) return null;
  // By Amazon Connect nobody is called: the contact rings.
  const rings = panel.value !== null && work.settings?.mediaProvider === 'connect';
  const early = now.value < Date.parse(listed.opensAt);
  const late = now.value > Date.parse(listed.closesAt);
  return (
    <section class="desk-part" aria-labelledby="call">
      <h3 id="call">{t('desk-call')}</h3>
      {act.wrong && <Notice kind="bad">{act.wrong}</Notice>}
      {early && <p class="soft">{t('desk-call-not-open', { time: time(listed.opensAt, ownZone()) })}</p>}
      {late && <p class="soft">{t('desk-call-over')}</p>}
      {left && !here && <p>{t('desk-call-left')}</p>}
      {rings && !early && !late && !here && <p class="soft">{t('desk-call-rings')}</p>}
      {!rings && !early && !late && !here && (
        <div>
          <Button kind="primary" name="call" busy={act.busy} onPress={() => void act.run(() => startCall(work.api, listed))}>
            {t(left ? 'desk-call-return' : 'desk-call-start')}
          </Button>
        </div>
      )}
      {here && <p class="soft">{t('desk-call-above')}</p>}
    </section>
  );
}

/** Why a call is over, where it was not the clinician who left it. */
const OVER: Readonly<Record<Over, string>> = {
  ended: 'desk-error-visit-ended',
  cancelled: 'desk-error-visit-cancelled',
  rejected: 'desk-call-elsewhere',
  removed: 'desk-call-elsewhere',
  elsewhere: 'desk-call-elsewhere',
};

/** Who it is that one sees, where nothing says who is who: as long as the patient is the only other in the visit. */
function onlyOther(visit: Listed): string | undefined {
  const others = (rooms.value[visit.visitId] ?? []).filter(({ role, status }) => role !== 'clinician' && status === 'JOINED');
  return others.length > 1 ? undefined : (visit.patientName ?? undefined);
}

/** The call that is on, whichever visit is looked at. */
export function CallStage({ current, practice }: { current: Calling; practice: { name: string; supportPhone?: string } }) {
  const [View, show] = useState<ComponentType<CallViewProps> | null>(null);
  useEffect(() => {
    void import('../../shared/call/view').then(({ default: view }) => show(() => view));
  }, []);
  const stand = current.place.stand.value;
  const { visit } = current;
  const nameOf = (participantId: string) => {
    const person = (rooms.value[visit.visitId] ?? []).find((one) => one.participantId === participantId);
    return person && (person.role === 'patient' ? (visit.patientName ?? person.displayName) : person.displayName);
  };
  if (stand.kind === 'over') {
    return (
      <Notice kind="warn">
        <p>{t(OVER[stand.why])}</p>
        <div>
          <Button name="call-close" onPress={hangUp}>
            {t('desk-close')}
          </Button>
        </div>
      </Notice>
    );
  }
  const named = { ...practice, name: visit.patientName ?? practice.name };
  // What carries a contact is told by the panel, whatever the API is asked for meanwhile.
  if (View && (current.contactId || (stand.kind === 'call' && stand.media.provider === 'connect'))) {
    return <ContactStage key={current.contactId} current={current} View={View} practice={named} nameOf={() => onlyOther(visit)} />;
  }
  if (stand.kind !== 'call' || !View) {
    return (
      <p role="status">
        <Spinner /> {t('desk-loading')}
      </p>
    );
  }
  return (
    <div class="desk-call">
      <View
        isPart
        visit={current.place}
        media={stand.media}
        devices={current.devices}
        withCamera={visit.modality === 'video'}
        practice={named}
        nameOf={nameOf}
        onLeave={hangUp}
      />
    </div>
  );
}
