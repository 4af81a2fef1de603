import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { t } from '../../shared/i18n/texts';
import { ownZone } from '../../shared/i18n/time';
import { SignIn, SignInEnded } from '../../shared/sign-in/sign-in';
import { announce } from '../../shared/view/announce';
import { Button, Notice } from '../../shared/view/controls';
import { Page } from '../../shared/view/page';
import { type Api, api } from './api';
import { audible, ring, unlock, unlockByFirstPress } from './bell';
import { CallStage } from './call';
import { calling, hangUp } from './calling';
import { PanelBox } from './connect/box';
import { List } from './list';
import { anyDraft, forgetDrafts } from './notes';
import { renewBeside } from './renew';
import type { Participant, Settings } from './types';
import { VisitPanel } from './visit';
import { Watch, selected, trouble, visits, waiting } from './watch';
import { inWords } from './words';

/** Whether the sign-in has run out; what is on the desk stays. */
const ended = signal(false);
const settings = signal<Settings | null>(null);

/** What the parts of the desk work with. */
export interface Work {
  api: Api;
  /** Looks anew, after something was changed. */
  refresh: () => Promise<void>;
  settings: Settings | null;
  signInEnded: () => void;
}

/** Somebody at the desk; their sign-in may be renewed beside it. */
function useSignIn(first: SignIn) {
  const current = useRef(first);
  const token = useMemo(() => ({ token: () => current.current.token(), renewed: () => current.current.renewed() }), []);
  return { current, token };
}

/** Says in the window's title how many wait: it is seen where another window is in front. */
function useTitle(): void {
  const count = waiting.value;
  useEffect(() => {
    document.title = count > 0 ? t('desk-page-title-waiting', { count }) : t('desk-page-title');
  }, [count]);
}

function tell(people: Participant[]): void {
  ring();
  const names = people.map(({ displayName }) => displayName).join(', ');
  announce(t('desk-arrived', { names, count: people.length }), 'at once');
}

/** Everything that somebody who is signed in sees. */
export function Room({ signIn }: { signIn: SignIn }) {
  const { current, token } = useSignIn(signIn);
  const desk = useMemo(() => api(token), [token]);
  const watch = useMemo(() => new Watch(desk, tell, () => (ended.value = true)), [desk]);
  useTitle();
  useEffect(() => {
    watch.start();
    void desk.settings().then((found) => (settings.value = found), () => undefined);
    return () => watch.stop();
  }, [watch]);
  useEffect(unlockByFirstPress, []);
  useEffect(() => {
    // The browser asks before a page with unsent notes is closed.
    const leaving = (event: BeforeUnloadEvent) => anyDraft() && event.preventDefault();
    addEventListener('beforeunload', leaving);
    return () => removeEventListener('beforeunload', leaving);
  }, []);
  const work: Work = { api: desk, refresh: () => watch.again(), settings: settings.value, signInEnded: () => (ended.value = true) };
  const renew = () =>
    renewBeside(current.current.config, (fresh) => {
      current.current = fresh;
      ended.value = false;
      void watch.again();
    });
  const signOut = () => {
    hangUp();
    forgetDrafts();
    current.current.signOut();
  };
  const { connect } = current.current.config;
  const open = (visits.value ?? []).find(({ visitId }) => visitId === selected.value);
  return (
    <Page practice={current.current.config} wide>
      <div class="desk-bar">
        <h1 tabIndex={-1}>{t('desk-title')}</h1>
        <span class="soft">{t('desk-zone', { zone: ownZone().replaceAll('_', ' ') })}</span>
        <Button kind="quiet" name="sign-out" onPress={signOut}>
          {t('desk-sign-out')}
        </Button>
      </div>
      <Warnings renew={renew} />
      {connect && <PanelBox config={connect} work={work} />}
      {calling.value && <CallStage key={calling.value.visit.visitId} current={calling.value} practice={{ name: current.current.config.name }} />}
      <div class={open ? 'desk open' : 'desk'}>
        <List />
        {open ? <VisitPanel key={open.visitId} listed={open} work={work} /> : <p class="desk-none soft">{t('desk-choose')}</p>}
      </div>
    </Page>
  );
}

function Warnings({ renew }: { renew: () => void }) {
  return (
    <div class="desk-warnings">
      {ended.value && (
        <Notice kind="warn">
          <p>{t('desk-ended')}</p>
          <div>
            <Button name="renew" onPress={renew}>
              {t('desk-renew')}
            </Button>
          </div>
        </Notice>
      )}
      {!ended.value && trouble.value !== null && !(trouble.value instanceof SignInEnded) && <Notice kind="bad">{inWords(trouble.value)}</Notice>}
      {!audible.value && (
        <Notice kind="warn">
          <p>{t('desk-silent')}</p>
          <div>
            <Button name="sound" onPress={() => void unlock().then(ring)}>
              {t('desk-sound')}
            </Button>
          </div>
        </Notice>
      )}
    </div>
  );
}
