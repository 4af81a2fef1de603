import { useState } from 'preact/hooks';
import { t } from '../../shared/i18n/texts';
import { announce } from '../../shared/view/announce';
import { Button, Notice } from '../../shared/view/controls';
import { useAct } from './act';
import { Ask } from './ask';
import { calling, hangUp } from './calling';
import { draftOf, write } from './notes';
import type { Work } from './room';
import { type EndReason, type Listed, type Visit, isLive } from './types';

/** Which ends fit: a visit that nobody was in cannot be completed. */
const REASONS: Readonly<Record<'SCHEDULED' | 'ACTIVE', readonly EndReason[]>> = {
  SCHEDULED: ['no-show', 'cancelled'],
  ACTIVE: ['completed', 'technical-issue', 'no-show', 'cancelled'],
};

/** The API takes so many characters. */
const MOST = 10_000;

interface EndProps {
  listed: Listed;
  work: Work;
  onEnded: (visit: Visit) => void;
}

/** The notes, and the end of the visit, with which they are sent. */
export function NotesAndEnd({ listed, work, onEnded }: EndProps) {
  const [asking, ask] = useState(false);
  if (!isLive(listed)) return null;
  return (
    <section class="desk-part" aria-labelledby="notes-title">
      <h3 id="notes-title">{t('desk-notes')}</h3>
      <div class="field">
        <label for="notes">{t('desk-notes-label')}</label>
        <span class="hint" id="notes-hint">
          {t('desk-notes-hint')}
        </span>
        <textarea
          id="notes"
          class="input"
          rows={6}
          maxLength={MOST}
          aria-describedby="notes-hint"
          value={draftOf(listed.visitId)}
          onInput={(event) => write(listed.visitId, event.currentTarget.value)}
        />
      </div>
      <div>
        <Button name="end" onPress={() => ask(true)}>
          {t('desk-end')}
        </Button>
      </div>
      {asking && <EndDialog listed={listed} work={work} onEnded={onEnded} onClose={() => ask(false)} />}
    </section>
  );
}

function EndDialog({ listed, work, onEnded, onClose }: EndProps & { onClose: () => void }) {
  const act = useAct(work);
  const reasons = REASONS[listed.status === 'ACTIVE' ? 'ACTIVE' : 'SCHEDULED'];
  const [reason, choose] = useState<EndReason>(reasons[0] ?? 'cancelled');
  const [released, release] = useState(false);
  const notes = draftOf(listed.visitId).trim();
  const end = async () => {
    let ended: Visit | undefined;
    const done = await act.run(async () => (ended = await work.api.end(listed.visitId, reason, notes, released)));
    if (!done || !ended) return;
    write(listed.visitId, '');
    if (calling.value?.visit.visitId === listed.visitId) hangUp();
    announce(t('desk-ended-visit'));
    onClose();
    onEnded(ended);
  };
  return (
    <Ask title={t('desk-end-title')} yes={t('desk-end')} busy={act.busy} onYes={() => void end()} onNo={onClose}>
      <fieldset class="desk-reasons">
        <legend>{t('desk-end-why')}</legend>
        {reasons.map((one) => (
          <label key={one} class="desk-choice">
            <input type="radio" name="reason" value={one} checked={one === reason} onChange={() => choose(one)} />
            {t('desk-end-reason', { reason: one })}
          </label>
        ))}
      </fieldset>
      {notes ? (
        <label class="desk-choice">
          <input type="checkbox" name="release" checked={released} onChange={(event) => release(event.currentTarget.checked)} />
          {t('desk-release')}
        </label>
      ) : (
        <p class="soft">{t('desk-no-notes')}</p>
      )}
      {act.wrong && <Notice kind="bad">{act.wrong}</Notice>}
    </Ask>
  );
}
