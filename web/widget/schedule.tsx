import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Requested } from './api';
import { Code } from './code';
import { type Draft, empty } from './draft';
import { Form } from './form';
import type { Settings } from './settings';
import { inFull } from './slots';
import { type Say, texts } from './texts';

type Step = { readonly at: 'form' } | { readonly at: 'code' | 'booked'; readonly requested: Requested };

interface ScheduleProps {
  readonly settings: Settings;
  /** Tells the page what has happened, for its own next step. */
  readonly tell: (what: 'requested' | 'confirmed', requested: Requested) => void;
}

/** Form, code, confirmation. What was typed stays until the visit is booked. */
export function Schedule({ settings, tell }: ScheduleProps) {
  const say = useMemo(() => texts(settings.locale), [settings.locale]);
  const [draft, setDraft] = useState<Draft>(() => empty(settings));
  const [step, go] = useState<Step>({ at: 'form' });
  const booked = (requested: Requested) => {
    go({ at: 'booked', requested });
    tell('confirmed', requested);
  };
  if (!settings.key || settings.clinicians.length === 0) return <p role="alert" class="told">{say('not-set-up')}</p>;
  switch (step.at) {
    case 'form': {
      const onRequested = (requested: Requested) => {
        // With a publishable key there is always a challenge; whatever has none is booked already.
        if (requested.status === 'SCHEDULED') return booked(requested);
        go({ at: 'code', requested });
        tell('requested', requested);
      };
      return <Form {...{ settings, say, draft, onRequested }} onDraft={(change) => setDraft((known) => ({ ...known, ...change }))} />;
    }
    case 'code':
      return <Code {...{ settings, say }} requested={step.requested} onBack={() => go({ at: 'form' })} onConfirmed={() => booked(step.requested)} />;
    case 'booked':
      return <Booked {...{ settings, say }} requested={step.requested} zone={draft.timezone} clinicianId={draft.clinicianId} />;
  }
}

interface BookedProps {
  readonly settings: Settings;
  readonly say: Say;
  readonly requested: Requested;
  readonly zone: string;
  readonly clinicianId: string;
}

function Booked({ settings, say, requested, zone, clinicianId }: BookedProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const clinician = settings.clinicians.find(({ id }) => id === clinicianId)?.name ?? '';
  return (
    <div class="booked" part="booked">
      <h2 ref={heading} tabIndex={-1}>{say('booked')}</h2>
      <p class="moment">{inFull(requested.scheduledAt, zone, settings.locale)}</p>
      {clinician && <p>{say('with', { clinician })}</p>}
      <p>{say('booked-next')}</p>
      <p>{say('stay-home')}</p>
      {settings.phone && <p class="quiet">{say('questions', { phone: settings.phone })}</p>}
    </div>
  );
}
