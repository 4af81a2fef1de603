import { useState } from 'preact/hooks';
import { t } from '../../shared/i18n/texts';
import { ownZone, time } from '../../shared/i18n/time';
import { announce } from '../../shared/view/announce';
import { Button, Notice } from '../../shared/view/controls';
import { useAct } from './act';
import type { Work } from './room';
import { type Channel, type Listed, type Messages, isLive } from './types';

const CHANNELS: readonly Channel[] = ['sms', 'email'];
const BAD = ['failed', 'opted-out'];

/** Whether the text and the e-mail with the link have arrived, in a line. */
export function MessageLine({ messages }: { messages: Messages }) {
  const known = CHANNELS.flatMap((channel) => (messages[channel] ? [{ channel, ...messages[channel] }] : []));
  if (known.length === 0) return <span class="soft">{t('desk-message-none')}</span>;
  return (
    <>
      {known.map(({ channel, status }) => (
        <span key={channel} class={BAD.includes(status) ? 'desk-bad' : 'soft'}>
          {t('desk-message', { channel, status })}
        </span>
      ))}
    </>
  );
}

/** The same in full, and the link once more for whoever has not got it. */
export function MessageBox({ visit, work }: { visit: Listed; work: Work }) {
  const resend = useAct(work);
  const [sent, setSent] = useState(false);
  const again = () =>
    resend.run(async () => {
      await work.api.resend(visit.visitId, visit.messages.email ? 'both' : 'sms');
      setSent(true);
      announce(t('desk-resent'));
    });
  return (
    <section class="desk-part" aria-labelledby="messages">
      <h3 id="messages">{t('desk-messages')}</h3>
      <ul class="desk-lines">
        {CHANNELS.map((channel) => {
          const state = visit.messages[channel];
          if (!state) return null;
          return (
            <li key={channel} class={BAD.includes(state.status) ? 'desk-bad' : ''}>
              {t('desk-message', { channel, status: state.status })} <span class="soft">{time(state.at, ownZone())}</span>
            </li>
          );
        })}
        {!visit.messages.sms && !visit.messages.email && <li class="soft">{t('desk-message-none')}</li>}
      </ul>
      {resend.wrong && <Notice kind="bad">{resend.wrong}</Notice>}
      {sent && !resend.wrong && <Notice kind="good">{t('desk-resent')}</Notice>}
      {isLive(visit) && (
        <div>
          <Button name="resend" busy={resend.busy} onPress={again}>
            {t('desk-resend')}
          </Button>
        </div>
      )}
    </section>
  );
}
