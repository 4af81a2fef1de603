import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../shared/i18n/texts';
import { ownZone, time } from '../../shared/i18n/time';
import { Spinner } from '../../shared/view/controls';
import { focusIfLost } from '../../shared/view/focus';
import { waitingOf } from './arrivals';
import { MessageLine } from './messages';
import { type Listed, isLive } from './types';
import { rooms, selected, visits } from './watch';
import { minutesSince } from './words';

/** Today's visits, those that can still be held first. */
export function List() {
  const all = visits.value;
  if (all === null) {
    return (
      <section class="desk-list" aria-busy="true">
        <p>
          <Spinner /> {t('desk-loading')}
        </p>
      </section>
    );
  }
  const live = all.filter(isLive);
  const others = all.filter((visit) => !isLive(visit));
  return (
    <section class="desk-list" aria-label={t('desk-today')}>
      <h2>{t('desk-today')}</h2>
      {live.length === 0 && <p data-state="empty">{t('desk-empty')}</p>}
      <ul>{live.map((visit) => <Item key={visit.visitId} visit={visit} />)}</ul>
      {others.length > 0 && (
        <>
          <h2>{t('desk-over')}</h2>
          <ul>{others.map((visit) => <Item key={visit.visitId} visit={visit} />)}</ul>
        </>
      )}
    </section>
  );
}

function Item({ visit }: { visit: Listed }) {
  const chosen = selected.value === visit.visitId;
  const waits = longest(visit);
  const button = useRef<HTMLButtonElement>(null);
  const stood = useRef(chosen);
  useLayoutEffect(() => {
    // Its panel was closed: the keyboard goes on from where it came.
    if (stood.current && !chosen) focusIfLost(button);
    stood.current = chosen;
  }, [chosen]);
  return (
    <li>
      <button
        ref={button}
        type="button"
        class={`desk-item ${waits ? 'waits' : ''}`}
        data-visit={visit.visitId}
        aria-current={chosen ? 'true' : undefined}
        onClick={() => (selected.value = visit.visitId)}
      >
        <span class="desk-time">{time(visit.scheduledAt, ownZone())}</span>
        <strong>{visit.patientName ?? visit.patientId}</strong>
        <span class="soft">
          {t('desk-kind', { type: visit.visitType, modality: visit.modality, minutes: visit.duration })}
        </span>
        {waits && <span class="desk-waits">{t('desk-waits-since', waits)}</span>}
        {visit.status !== 'SCHEDULED' && <span class="desk-status">{t('desk-status', { status: visit.status })}</span>}
        {visit.status === 'SCHEDULED' && !waits && <MessageLine messages={visit.messages} />}
      </button>
    </li>
  );
}

/** How many wait in a visit, and since when the first of them. */
function longest(visit: Listed): { count: number; since: string; minutes: number } | null {
  const [first, ...others] = waitingOf(rooms.value[visit.visitId] ?? []);
  if (!first || !isLive(visit)) return null;
  return { count: others.length + 1, since: time(first.since, ownZone()), minutes: minutesSince(first.since) };
}
