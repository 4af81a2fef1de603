import { useState } from 'preact/hooks';
import type { Practice } from '../../shared/api/types';
import { t } from '../../shared/i18n/texts';
import { browserOf, outside } from '../../shared/media-devices/browser';
import { Button, Notice, PhoneLink } from '../../shared/view/controls';
import { Heading } from '../../shared/view/page';
import type { JoinFlow } from './flow';
import type { State, Trouble } from './states';

// What ends here ends with a way on: a new link, another browser, the telephone.

function Phone({ practice }: { practice: Practice | undefined }) {
  return practice?.supportPhone ? <PhoneLink phone={practice.supportPhone} button /> : null;
}

/** Somebody who cannot come by video is still a patient. */
function Instead({ practice }: { practice: Practice | undefined }) {
  if (!practice?.supportPhone) return null;
  return (
    <>
      <p>{t('phone-instead')}</p>
      <Phone practice={practice} />
    </>
  );
}

export function InApp({ flow, app, practice }: { flow: JoinFlow; app: string; practice: Practice | undefined }) {
  const browser = browserOf(navigator.userAgent);
  const target = browser.system === 'ios' ? 'Safari' : 'Chrome';
  const href = outside(browser, flow.link);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(flow.link.href).then(() => setCopied(true), () => undefined);
  };
  return (
    <>
      <Heading state="in-app">{t('in-app-title', { target })}</Heading>
      <p class="lead">{app ? t('in-app-named', { app }) : t('in-app-unnamed')}</p>
      <div class="actions">
        {href && (
          <a class="button primary" href={href} data-name="outside">
            {t('in-app-open', { target })}
          </a>
        )}
        <Button onPress={() => void copy()} name="copy">
          {t(copied ? 'in-app-copied' : 'in-app-copy')}
        </Button>
        <Button kind="quiet" onPress={() => flow.insist()} name="insist">
          {t('in-app-here')}
        </Button>
      </div>
      <p>{t('in-app-menu', { target })}</p>
      <Instead practice={practice} />
      <p class="soft">{t('nothing-spent')}</p>
    </>
  );
}

export function Unsupported({ practice }: { practice: Practice | undefined }) {
  return (
    <>
      <Heading state="unsupported">{t('state-unsupported')}</Heading>
      <p class="lead">{t('unsupported-what')}</p>
      <Instead practice={practice} />
      <p class="soft">{t('nothing-spent')}</p>
    </>
  );
}

export function Unreachable({ flow, trouble }: { flow: JoinFlow; trouble: Trouble }) {
  return (
    <>
      <Heading state="unreachable">{t('state-unreachable')}</Heading>
      <p class="lead">{t(`trouble-${trouble}`)}</p>
      <Button kind="primary" onPress={() => void flow.open()} name="again">
        {t('try-again')}
      </Button>
      <p class="soft">{t('nothing-spent')}</p>
    </>
  );
}

export function Incomplete() {
  return (
    <>
      <Heading state="incomplete">{t('state-incomplete')}</Heading>
      <p class="lead">{t('incomplete-what')}</p>
      <p>{t('invalid-call')}</p>
    </>
  );
}

export function Invalid() {
  return (
    <>
      <Heading state="invalid">{t('state-invalid')}</Heading>
      <p class="lead">{t('invalid-what')}</p>
      <p>{t('invalid-call')}</p>
    </>
  );
}

type Renewable = Extract<State, { at: 'dead' | 'used' }>;

function Renew({ flow, state, kind }: { flow: JoinFlow; state: Renewable; kind?: 'primary' }) {
  switch (state.renewed) {
    case 'yes':
      return (
        <Notice kind="good">
          <strong>{t('renew-done')}</strong>
          <span>{t('renew-done-where')}</span>
        </Notice>
      );
    case 'limited':
    case 'failed':
      return (
        <>
          <Notice kind="bad">{t(state.renewed === 'limited' ? 'trouble-limited' : 'trouble-busy')}</Notice>
          <Button onPress={() => void flow.renew()} name="renew">
            {t('try-again')}
          </Button>
        </>
      );
    case 'no':
    case 'asking':
      return (
        <Button {...(kind ? { kind } : {})} busy={state.renewed === 'asking'} onPress={() => void flow.renew()} name="renew">
          {t('renew')}
        </Button>
      );
  }
}

export function Dead({ flow, state }: { flow: JoinFlow; state: Extract<State, { at: 'dead' }> }) {
  return (
    <>
      <Heading state="dead">{t('state-dead')}</Heading>
      <p class="lead">{t('dead-what')}</p>
      <div class="actions" aria-live="polite">
        <Renew flow={flow} state={state} kind="primary" />
        <Phone practice={state.practice} />
      </div>
    </>
  );
}

export function Used({ flow, state }: { flow: JoinFlow; state: Extract<State, { at: 'used' }> }) {
  return (
    <>
      <Heading state="used">{t('state-used')}</Heading>
      <p class="lead">{t(state.canMove ? 'used-move' : 'used-what')}</p>
      <div class="actions" aria-live="polite">
        {state.canMove && (
          <Button kind="primary" onPress={() => void flow.send('sms-otp')} name="move">
            {t('used-send-code')}
          </Button>
        )}
        <Renew flow={flow} state={state} {...(state.canMove ? {} : { kind: 'primary' as const })} />
        <Phone practice={state.practice} />
      </div>
      <p class="soft">{t('used-not-you')}</p>
    </>
  );
}

export function Ended({ at, practice }: { at: 'ended' | 'cancelled'; practice: Practice | undefined }) {
  return (
    <>
      <Heading state={at}>{t(`state-${at}`)}</Heading>
      <p class="lead">{t(`${at}-what`)}</p>
      <div class="actions">
        <Phone practice={practice} />
        <a class="button quiet" href="/portal">
          {t('to-portal')}
        </a>
      </div>
    </>
  );
}

export function OtherTab({ flow, practice }: { flow: JoinFlow; practice: Practice | undefined }) {
  return (
    <>
      <Heading state="other-tab">{t('state-other-tab')}</Heading>
      <p class="lead">{t('other-tab-what')}</p>
      <div class="actions">
        <Button kind="primary" onPress={() => void flow.open(true)} name="here">
          {t('over-again')}
        </Button>
        <Phone practice={practice} />
      </div>
    </>
  );
}

export function TurnedAway({ practice }: { practice: Practice | undefined }) {
  return (
    <>
      <Heading state="turned-away">{t('state-turned-away')}</Heading>
      <p class="lead">{t('turned-away-what')}</p>
      <Phone practice={practice} />
    </>
  );
}
