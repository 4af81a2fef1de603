import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../shared/i18n/texts';
import { ownZone, time } from '../../shared/i18n/time';
import { announce } from '../../shared/view/announce';
import { Button, Notice } from '../../shared/view/controls';
import { focusIfLost } from '../../shared/view/focus';
import { useAct } from './act';
import { Ask } from './ask';
import type { Work } from './room';
import { type Listed, type Participant, isLive } from './types';
import { now, rooms } from './watch';
import { minutesSince } from './words';

/** A page that waits asks every four seconds: whoever is silent for so long has closed it or lost the line. */
const SILENT_MS = 20_000;

/** Who is there, who waits, and what can be done about each. */
export function People({ visit, work }: { visit: Listed; work: Work }) {
  const people = rooms.value[visit.visitId];
  return (
    <section class="desk-part" aria-labelledby="people">
      <h3 id="people">{t('desk-people')}</h3>
      {!people || people.length === 0 ? (
        // What was not looked at yet is not known.
        <p class="soft">{t(people ? 'desk-nobody' : 'desk-loading')}</p>
      ) : (
        <ul class="desk-people">
          {people.map((person) => (
            <Person key={person.participantId} person={person} visit={visit} work={work} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface PersonProps {
  person: Participant;
  visit: Listed;
  work: Work;
}

function Person({ person, visit, work }: PersonProps) {
  const { participantId, displayName: name, role, status, since, verifiedBy, blockedAttempts } = person;
  const act = useAct(work);
  const row = useRef<HTMLLIElement>(null);
  const stood = useRef(status);
  useLayoutEffect(() => {
    const changed = stood.current !== status;
    stood.current = status;
    // The button that was pressed is gone by then: the keyboard goes on from the person.
    if (changed) focusIfLost(row);
  }, [status]);
  const [asking, ask] = useState<'reject' | 'remove' | null>(null);
  const admit = async () => {
    if (await act.run(() => work.api.admit(visit.visitId, participantId))) announce(t('desk-admitted', { name }));
  };
  const turnAway = (what: 'reject' | 'remove') => {
    ask(null);
    void act.run(() => work.api[what](visit.visitId, participantId));
  };
  const inside = status === 'ADMITTED' || status === 'JOINED' || status === 'LEFT';
  const silent = status === 'WAITING' && now.value - Date.parse(person.lastSeenAt) > SILENT_MS;
  return (
    <li ref={row} tabIndex={-1} class="desk-person" data-status={status} data-role={role}>
      <p>
        <strong>{name}</strong> <span class="soft">{t('desk-role', { role })}</span>
      </p>
      <p>{t('desk-person', { status, since: time(since, ownZone()), minutes: minutesSince(since) })}</p>
      <p class="soft">{t('desk-verified', { how: verifiedBy.map((proof) => t('desk-proof', { proof })).join(', '), count: verifiedBy.length })}</p>
      {silent && <Notice kind="warn">{t('desk-silent-person', { minutes: minutesSince(person.lastSeenAt) })}</Notice>}
      {blockedAttempts > 0 && <Notice kind="warn">{t('desk-blocked', { count: blockedAttempts })}</Notice>}
      {act.wrong && <Notice kind="bad">{act.wrong}</Notice>}
      {isLive(visit) && role !== 'clinician' && (
        <div class="desk-row">
          {status === 'WAITING' && (
            <>
              <Button kind="primary" name="admit" busy={act.busy} onPress={() => void admit()}>
                {t('desk-admit', { name })}
              </Button>
              <Button name="reject" busy={act.busy} onPress={() => ask('reject')}>
                {t('desk-reject')}
              </Button>
            </>
          )}
          {inside && (
            <Button name="remove" busy={act.busy} onPress={() => ask('remove')}>
              {t('desk-remove')}
            </Button>
          )}
        </div>
      )}
      {asking && (
        <Ask title={t(`desk-${asking}-title`, { name })} text={t(`desk-${asking}-text`)} yes={t(`desk-${asking}`)} onYes={() => turnAway(asking)} onNo={() => ask(null)} />
      )}
    </li>
  );
}
