import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { language, t } from '../../shared/i18n/texts';
import { moment, ownZone, time, zoneDiffers } from '../../shared/i18n/time';
import { SignInEnded } from '../../shared/sign-in/sign-in';
import { Button, Notice } from '../../shared/view/controls';
import { focusIfLost, useFocus } from '../../shared/view/focus';
import { CallBox } from './call';
import { NotesAndEnd } from './end';
import { MessageBox } from './messages';
import { People } from './people';
import { quickActions } from './quick';
import type { Work } from './room';
import type { Listed, Visit } from './types';
import { selected } from './watch';
import { inWords } from './words';

interface VisitProps {
  listed: Listed;
  work: Work;
}

/** One visit, with all that can be done about it. */
export function VisitPanel({ listed, work }: VisitProps) {
  const [visit, setVisit] = useState<Visit | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const failed = (error: unknown) => {
    if (error instanceof SignInEnded) work.signInEnded();
    setWrong(inWords(error));
  };
  useEffect(() => {
    void work.refresh();
    void work.api.visit(listed.visitId).then(setVisit, failed);
  }, [listed.visitId, listed.status]);
  const title = useRef<HTMLHeadingElement>(null);
  useFocus(title, [listed.visitId]);
  return (
    <section class="card desk-visit" aria-labelledby="visit-title">
      <div class="desk-bar">
        <h2 id="visit-title" ref={title} tabIndex={-1}>
          {listed.patientName ?? listed.patientId}
        </h2>
        <Button kind="quiet" name="close" onPress={() => (selected.value = null)}>
          {t('desk-close')}
        </Button>
      </div>
      <p>
        {moment(listed.scheduledAt, ownZone())}
        {zoneDiffers(listed.scheduledAt, listed.timezone) && <span class="soft"> {t('desk-for-patient', { time: time(listed.scheduledAt, listed.timezone) })}</span>}
      </p>
      {wrong && <Notice kind="bad">{wrong}</Notice>}
      <Reason visit={visit} />
      <People visit={listed} work={work} />
      <CallBox listed={listed} work={work} />
      <NotesAndEnd listed={listed} work={work} onEnded={setVisit} />
      {visit?.endedAt && <Outcome visit={visit} />}
      <MessageBox visit={listed} work={work} />
      <QuickLinks listed={listed} work={work} />
    </section>
  );
}

function Reason({ visit }: { visit: Visit | null }) {
  if (!visit?.chiefComplaint && !visit?.patientInstructions) return null;
  return (
    <dl class="facts">
      {visit.chiefComplaint && (
        <>
          <dt>{t('desk-reason')}</dt>
          <dd dir="auto">{visit.chiefComplaint}</dd>
        </>
      )}
      {visit.patientInstructions && (
        <>
          <dt>{t('desk-instructions')}</dt>
          <dd dir="auto">{visit.patientInstructions}</dd>
        </>
      )}
    </dl>
  );
}

function Outcome({ visit }: { visit: Visit }) {
  const title = useRef<HTMLHeadingElement>(null);
  // The button that ended it is gone by then.
  useLayoutEffect(() => focusIfLost(title), []);
  return (
    <section class="desk-part" aria-labelledby="outcome" data-state="ended">
      <h3 id="outcome" ref={title} tabIndex={-1}>{t('desk-outcome')}</h3>
      <p>
        {visit.endReason && t('desk-end-reason', { reason: visit.endReason })} {visit.endedAt && <span class="soft">{time(visit.endedAt, ownZone())}</span>}
      </p>
      {visit.notes && (
        <p class="desk-written" dir="auto">
          {visit.notes}
        </p>
      )}
    </section>
  );
}

function QuickLinks({ listed, work }: VisitProps) {
  const links = quickActions(work.settings?.quickActions ?? [], listed);
  if (links.length === 0) return null;
  return (
    <section class="desk-part" aria-labelledby="quick" lang={language.value}>
      <h3 id="quick">{t('desk-quick')}</h3>
      <div class="desk-row">
        {links.map(({ label, url }) => (
          <a key={label} class="button" href={url} target="_blank" rel="noopener noreferrer">
            {label}
            <span class="unseen"> {t('desk-new-window')}</span>
          </a>
        ))}
      </div>
    </section>
  );
}
