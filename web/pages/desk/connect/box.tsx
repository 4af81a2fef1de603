import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../../shared/i18n/texts';
import type { ConnectConfig } from '../../../shared/sign-in/config';
import { announce } from '../../../shared/view/announce';
import { Button, Notice, Spinner } from '../../../shared/view/controls';
import { useAct } from '../act';
import type { Work } from '../room';
import { ContactCard } from './card';
import { type PanelState, agent, contacts, panel, panelState } from './contacts';

interface BoxProps {
  config: ConnectConfig;
  work: Work;
}

/** The panel of Amazon Connect at the desk: how it stands, what rings, and the panel itself. */
export function PanelBox({ config, work }: BoxProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [failed, fail] = useState(false);
  useEffect(() => {
    const within = frame.current;
    if (!within || panel.value) return;
    void import('./streams').then(({ openPanel }) => (panel.value = openPanel(within, config, t('desk-panel-frame'))), () => fail(true));
  }, []);
  const state = panelState.value;
  useEffect(() => {
    if (state !== 'loading' && state !== 'ready') announce(t(`desk-panel-${state}`, { origin: originOf(config) }));
  }, [state]);
  return (
    <section class="card desk-panel" aria-labelledby="panel" data-panel={failed ? 'failed' : state}>
      <div class="desk-bar">
        <h2 id="panel">{t('desk-panel')}</h2>
        {state === 'ready' && <AgentState work={work} />}
      </div>
      {failed ? <Notice kind="bad">{t('desk-panel-failed')}</Notice> : <State state={state} config={config} />}
      {state === 'ready' && contacts.value.length === 0 && <p class="soft">{t('desk-panel-idle')}</p>}
      {contacts.value.map((contact) => (
        <ContactCard key={contact.id} contact={contact} work={work} />
      ))}
      <details class="desk-frame">
        <summary>{t('desk-panel-show')}</summary>
        <div ref={frame} />
      </details>
    </section>
  );
}

const originOf = ({ ccpUrl }: ConnectConfig): string => new URL(ccpUrl).origin;

/** What is the matter with the panel, and what to do about it. */
function State({ state, config }: { state: PanelState; config: ConnectConfig }) {
  const origin = originOf(config);
  if (state === 'ready') return null;
  if (state === 'loading') {
    return (
      <p role="status">
        <Spinner /> {t('desk-panel-loading')}
      </p>
    );
  }
  return (
    <Notice kind={state === 'silent' || state === 'signed-out' ? 'warn' : 'bad'}>
      <p>{t(`desk-panel-${state}`, { origin })}</p>
      {state === 'silent' && <p>{t('desk-panel-silent-how', { origin })}</p>}
      <p>{t('desk-panel-rest')}</p>
      {state !== 'blocked' && (
        <div class="desk-row">
          {state !== 'denied' && (
            <Button kind="primary" name="panel-sign-in" onPress={() => panel.value?.signIn()}>
              {t('desk-panel-sign-in')}
              <span class="unseen"> {t('desk-new-window')}</span>
            </Button>
          )}
          <Button name="panel-again" onPress={() => panel.value?.again()}>
            {t('desk-again')}
          </Button>
        </div>
      )}
    </Notice>
  );
}

/** The agent's state, by the names that the instance has for them. */
function AgentState({ work }: { work: Work }) {
  const act = useAct(work);
  const one = agent.value;
  if (!one) return null;
  const { state, choices } = one;
  return (
    <div class="desk-agent">
      <label for="agent-state">{t('desk-panel-state')}</label>
      <select
        id="agent-state"
        class="input"
        dir="auto"
        value={state}
        aria-disabled={act.busy ? 'true' : undefined}
        onChange={(event) => {
          const wanted = event.currentTarget.value;
          // What is shown is how it stands, until the panel says otherwise.
          event.currentTarget.value = state;
          void act.run(async () => panel.value?.become(wanted));
        }}
      >
        {[...new Set([state, ...choices])].map((name) => (
          <option key={name} value={name} disabled={!choices.includes(name)}>
            {name}
          </option>
        ))}
      </select>
      {act.wrong && <Notice kind="bad">{act.wrong}</Notice>}
    </div>
  );
}
