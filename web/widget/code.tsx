import { useEffect, useRef, useState } from 'preact/hooks';
import { type Requested, post } from './api';
import { saying } from './draft';
import { Line } from './fields';
import type { Settings } from './settings';
import type { Say } from './texts';

interface CodeProps {
  readonly settings: Settings;
  readonly say: Say;
  readonly requested: Requested;
  readonly onConfirmed: () => void;
  readonly onBack: () => void;
}

type Told = { readonly id: string; readonly values?: Record<string, number> };

/** The code from the text, typed on the same page. */
export function Code({ settings, say, requested, onConfirmed, onBack }: CodeProps) {
  const [code, setCode] = useState('');
  const [told, tell] = useState<Told>();
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (told) form.current?.querySelector('input')?.select();
  }, [told]);

  async function confirm(): Promise<void> {
    if (busy) return;
    const answer = code.replace(/\D/gu, '');
    if (answer.length !== 6) return tell({ id: 'wrong-code' });
    setBusy(true);
    const path = `/api/challenges/${requested.challengeId}/answer`;
    const answered = await post(settings, path, { answer });
    setBusy(false);
    if (answered.ok) return onConfirmed();
    const { problem } = answered;
    if (problem.code === 'CHALLENGE_FAILED') return tell({ id: 'code-failed', values: { left: problem.attemptsLeft ?? 0 } });
    const id = saying(problem);
    setOver(id === 'code-expired');
    tell({ id, values: { minutes: Math.ceil((problem.retryAfter ?? 60) / 60) } });
  }

  const { sms } = requested.sent;
  return (
    <form ref={form} noValidate onSubmit={(event) => { event.preventDefault(); void confirm(); }}>
      <h2 ref={heading} tabIndex={-1}>{say('code-title')}</h2>
      <p>{say(sms?.status === 'sent' ? 'code-sent' : 'code-not-sent', { to: sms?.to ?? '' })}</p>
      <div role="alert">{told && over && <p class="told">{say(told.id, told.values)}</p>}</div>
      {over ? null : (
        <>
          <Line name="code" label={say('code')} hint={say('code-hint')} say={say} value={code} onValue={setCode}
            wrong={told && say(told.id, told.values)}
            attributes={{ inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 12, dir: 'ltr', class: 'code' }} />
          <button type="submit" part="button" aria-disabled={busy}>{say(busy ? 'sending' : 'confirm')}</button>
        </>
      )}
      <button type="button" class="second" onClick={onBack}>{say('back')}</button>
      {settings.phone && <p class="quiet">{say('questions', { phone: settings.phone })}</p>}
    </form>
  );
}
