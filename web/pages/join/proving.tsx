import { useEffect, useState } from 'preact/hooks';
import type { Practice } from '../../shared/api/types';
import { t } from '../../shared/i18n/texts';
import { Button, Field, Notice, PhoneLink } from '../../shared/view/controls';
import { Heading } from '../../shared/view/page';
import type { JoinFlow } from './flow';
import type { Proving } from './states';

/** How often the page asks whether the e-mail's link was confirmed. */
const ASKS_MS = 5000;

interface ProvingProps {
  flow: JoinFlow;
  proving: Proving;
  practice: Practice | undefined;
}

/** Shows who one is: a code by text, a link by e-mail, or the phone's last digits. */
export function ProvingView({ flow, proving, practice }: ProvingProps) {
  const { factor, challenge, trouble } = proving;
  return (
    <>
      <Heading state={`proving-${factor}`}>{t(`proving-${factor}`)}</Heading>
      {trouble && <Notice kind="bad">{t(trouble === 'no-contact' || trouble === 'closed' ? `proving-${trouble}` : `trouble-${trouble}`)}</Notice>}
      {challenge ? <Answer flow={flow} proving={proving} /> : <Ask flow={flow} proving={proving} />}
      {practice?.supportPhone && <PhoneLink phone={practice.supportPhone} button />}
    </>
  );
}

function Ask({ flow, proving: { factor, busy, trouble } }: Omit<ProvingProps, 'practice'>) {
  // Nothing is sent for the last digits, so nobody needs to be asked whether to send it.
  useEffect(() => {
    if (factor === 'phone-last4' && !trouble && !busy) void flow.send(factor);
  }, [factor]);
  return (
    <>
      <p class="lead">{t(`proving-${factor}-why`)}</p>
      <Button kind="primary" busy={busy} onPress={() => void flow.send(factor)} name="send">
        {t(trouble ? 'try-again' : `proving-${factor}-send`)}
      </Button>
    </>
  );
}

function Answer({ flow, proving }: Omit<ProvingProps, 'practice'>) {
  return proving.factor === 'email-link' ? <Confirmation flow={flow} proving={proving} /> : <Digits flow={flow} proving={proving} />;
}

function Digits({ flow, proving: { factor, challenge, wrong, busy } }: Omit<ProvingProps, 'practice'>) {
  const [typed, setTyped] = useState('');
  const length = factor === 'sms-otp' ? 6 : 4;
  const said = !wrong ? undefined : wrong.attemptsLeft < 0 ? t('proving-digits', { length }) : t('proving-wrong', { left: wrong.attemptsLeft });
  return (
    <form
      class="actions"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void flow.answer(typed, length);
      }}
    >
      {challenge?.to && <p class="lead">{t('proving-sent', { to: challenge.to })}</p>}
      <Field
        label={t(`proving-${factor}-label`)}
        name="digits"
        inputMode="numeric"
        // Phones offer the code from the text by themselves.
        autoComplete={factor === 'sms-otp' ? 'one-time-code' : 'off'}
        maxLength={length + 2}
        value={typed}
        onText={setTyped}
        wrong={said}
      />
      <Button kind="primary" type="submit" busy={busy} onPress={() => undefined} name="answer">
        {t('proving-go')}
      </Button>
      {factor === 'sms-otp' && (
        <Button kind="quiet" onPress={() => void flow.send(factor)} name="resend">
          {t('proving-resend')}
        </Button>
      )}
    </form>
  );
}

/** The e-mail may be read on another device: the page asks now and then. */
function Confirmation({ flow, proving: { challenge, busy } }: Omit<ProvingProps, 'practice'>) {
  useEffect(() => {
    const ask = () => void (document.visibilityState === 'visible' && flow.confirmed());
    const timer = setInterval(ask, ASKS_MS);
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [challenge?.challengeId]);
  return (
    <>
      <p class="lead">{t('proving-email-sent', { to: challenge?.to ?? '' })}</p>
      <p>{t('proving-email-stay')}</p>
      <Button busy={busy} onPress={() => void flow.confirmed()} name="confirmed">
        {t('proving-email-done')}
      </Button>
    </>
  );
}
