import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Requested, post } from './api';
import { type Draft, type Field, type Wrong, check, refused, request, saying } from './draft';
import { Box, Choice, Line, Lines } from './fields';
import type { Settings } from './settings';
import { type Day, dateIn, days, offered } from './slots';
import { STATES } from './states';
import type { Say } from './texts';
import { zoneName, zones } from './zones';

interface FormProps {
  readonly settings: Settings;
  readonly say: Say;
  readonly draft: Draft;
  readonly onDraft: (change: Partial<Draft>) => void;
  readonly onRequested: (requested: Requested) => void;
}

/** What to say above the form, and about which fields. */
interface Told {
  readonly message?: string;
  readonly minutes?: number;
  readonly wrong: Wrong;
}

/** Sends the form: one key for one content, so that pressing twice asks once. */
function useSending({ settings, draft, onRequested }: FormProps) {
  const [told, tell] = useState<Told>({ wrong: {} });
  const [busy, setBusy] = useState(false);
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const sent = useRef({ body: '', key: '' });

  async function send(): Promise<void> {
    if (busy) return;
    const wrong = check(draft, settings);
    if (Object.keys(wrong).length > 0) return tell({ message: 'check', wrong });
    setBusy(true);
    const body = request(draft, settings);
    const content = JSON.stringify(body);
    if (sent.current.body !== content) sent.current = { body: content, key: crypto.randomUUID() };
    const answer = await post<Requested>(settings, '/api/schedule', body, sent.current.key);
    setBusy(false);
    if (answer.ok) return onRequested(answer.body);
    const message = saying(answer.problem);
    // A refusal is kept under its key: whoever tries again must be heard anew. What was lost on its way must not be.
    if (message !== 'offline' && message !== 'busy') sent.current = { body: '', key: '' };
    if (answer.problem.code === 'CLINICIAN_DOUBLE_BOOKED') setTaken(new Set([...taken, draft.at]));
    const fields = refused(answer.problem);
    const minutes = Math.ceil((answer.problem.retryAfter ?? 60) / 60);
    tell({ message: Object.keys(fields).length > 0 ? 'check' : message, minutes, wrong: fields });
  }
  return { told, busy, taken, send };
}

/** The days and times to choose from; those that turned out to be taken are left out. */
function useDays({ settings, draft }: FormProps, taken: ReadonlySet<string>): Day[] {
  const zone = draft.timezone;
  return useMemo(() => {
    const open = days(offered(settings.offer, Date.now()), zone, settings.locale);
    const free = open.map((day) => ({ ...day, times: day.times.filter(({ at }) => !taken.has(at)) }));
    return free.filter((day) => day.times.length > 0);
  }, [settings, zone, taken]);
}

export function Form(props: FormProps) {
  const { settings, say, draft, onDraft } = props;
  const { told, busy, taken, send } = useSending(props);
  const open = useDays(props, taken);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (told.message === 'check') form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [told]);

  const about = (name: Field) => {
    const wrong = told.wrong[name];
    return { name, label: say(name), say, wrong: wrong && say(wrong), value: String(draft[name]), onValue: (value: string) => onDraft({ [name]: value }) };
  };
  return (
    <form ref={form} noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <p class="quiet">{say('emergency')}</p>
      <div role="alert">{told.message && <p class="told">{say(told.message, { minutes: told.minutes ?? 1 })} {told.message !== 'check' && call(settings, say)}</p>}</div>
      <Who {...{ about, settings, say }} />
      <When {...{ about, settings, say, open, draft, onDraft }} />
      <Lines {...about('reason')} optional most={1000} />
      <Consents {...props} wrong={told.wrong} />
      <button type="submit" part="button" aria-disabled={busy}>{say(busy ? 'sending' : 'send')}</button>
    </form>
  );
}

/** Whom to call when the form cannot help. */
const call = (settings: Settings, say: Say): string => (settings.phone ? say('call', { phone: settings.phone }) : '');

type AboutField = (name: Field) => Parameters<typeof Line>[0];

function Who({ about, settings, say }: { about: AboutField; settings: Settings; say: Say }) {
  return (
    <fieldset>
      <legend>{say('who')}</legend>
      <Line {...about('givenName')} attributes={{ autocomplete: 'given-name', maxLength: 100 }} />
      <Line {...about('familyName')} attributes={{ autocomplete: 'family-name', maxLength: 100 }} />
      <Line {...about('phone')} hint={say('phone-hint')} attributes={{ type: 'tel', dir: 'ltr', autocomplete: 'tel', maxLength: 30 }} />
      <Line {...about('email')} optional attributes={{ type: 'email', dir: 'ltr', autocomplete: 'email', maxLength: 254 }} />
      <Choice {...about('state')} hint={say('state-hint')} first={say('choose')} choices={STATES} autocomplete="address-level1" />
      {settings.clinicians.length > 1 && (
        <Choice {...about('clinicianId')} first={say('choose')} choices={settings.clinicians.map(({ id, name }) => [id, name])} />
      )}
    </fieldset>
  );
}

interface WhenProps {
  readonly about: AboutField;
  readonly settings: Settings;
  readonly say: Say;
  readonly open: readonly Day[];
  readonly draft: Draft;
  readonly onDraft: (change: Partial<Draft>) => void;
}

function When({ about, settings, say, open, draft, onDraft }: WhenProps) {
  const [chosen, choose] = useState('');
  const date = draft.at ? dateIn(Date.parse(draft.at), draft.timezone) : chosen;
  const day = open.find((one) => one.date === date) ?? open[0];
  const only = settings.clinicians.length === 1 ? settings.clinicians[0] : undefined;
  if (!day) return <p class="told">{say('no-times')} {call(settings, say)}</p>;
  return (
    <fieldset>
      <legend>{only?.name ? say('when-with', { clinician: only.name }) : say('when')}</legend>
      <Choice {...about('timezone')} choices={zones(settings.offer.zone).map((zone) => [zone, zoneName(zone, settings.locale)])} />
      <Choice name="day" label={say('day')} say={say} value={day.date} choices={open.map((one) => [one.date, one.label])}
        onValue={(value) => { choose(value); onDraft({ at: '' }); }} />
      <Choice {...about('at')} first={say('choose')} choices={day.times.map(({ at, label }) => [at, label])} />
    </fieldset>
  );
}

function Consents({ settings, say, draft, onDraft, wrong }: FormProps & { readonly wrong: Wrong }) {
  const practice = settings.practice || say('the-practice');
  const message = (field: Field) => wrong[field] && say(wrong[field]);
  return (
    <fieldset>
      <legend>{say('consents')}</legend>
      <Box name="sms" checked={draft.sms} wrong={message('sms')} onChecked={(sms) => onDraft({ sms })}>{say('consent-sms', { practice })}</Box>
      <Box name="telehealth" checked={draft.telehealth} wrong={message('telehealth')} onChecked={(telehealth) => onDraft({ telehealth })}>
        {say('consent-telehealth', { practice })}
      </Box>
      {settings.privacy && <p><a href={settings.privacy} target="_blank" rel="noopener noreferrer">{say('privacy')}</a></p>}
    </fieldset>
  );
}
