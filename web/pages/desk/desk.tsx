import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Problem } from '../../shared/api/problem';
import { t } from '../../shared/i18n/texts';
import { type SignInConfig, practices } from '../../shared/sign-in/config';
import { SignIn, SignInEnded, beginSignIn, returnedSignIn, wasSignedIn } from '../../shared/sign-in/sign-in';
import { Button, Notice, Spinner } from '../../shared/view/controls';
import { Heading, Page } from '../../shared/view/page';
import { isRenewal } from './renew';
import { Room } from './room';
import { inWords } from './words';

type State =
  | { kind: 'loading' }
  | { kind: 'renewed' }
  | { kind: 'signed-out'; practices: SignInConfig[]; failed: boolean }
  | { kind: 'signed-in'; signIn: SignIn }
  | { kind: 'failed'; error: unknown };

const state = signal<State>({ kind: 'loading' });

async function begin(): Promise<void> {
  state.value = { kind: 'loading' };
  try {
    if (await isRenewal(practices)) {
      state.value = { kind: 'renewed' };
      return;
    }
    const signIn = await returnedSignIn().catch((error: unknown) => {
      if (error instanceof SignInEnded) return 'failed' as const;
      throw error;
    });
    if (signIn instanceof SignIn) {
      state.value = { kind: 'signed-in', signIn };
      return;
    }
    const known = await practices();
    const [only] = known;
    // After a reload the provider's own session signs in again, without a press.
    if (signIn === null && wasSignedIn() && only && known.length === 1) return await beginSignIn(only);
    state.value = { kind: 'signed-out', practices: known, failed: signIn === 'failed' };
  } catch (error) {
    state.value = { kind: 'failed', error };
  }
}

/** The clinician's desk: today's visits, who waits, the call, the notes. */
export function DeskPage() {
  useEffect(() => void begin(), []);
  const current = state.value;
  switch (current.kind) {
    case 'signed-in':
      return <Room signIn={current.signIn} />;
    case 'signed-out':
      return <SignedOut {...current} />;
    case 'failed':
      return <Failed error={current.error} />;
    case 'renewed':
      return (
        <Page>
          <Heading state="renewed">{t('desk-renewed-title')}</Heading>
          <p>{t('desk-renewed-text')}</p>
        </Page>
      );
    case 'loading':
      return (
        <Page>
          <Heading state="loading">
            <Spinner /> {t('desk-loading')}
          </Heading>
        </Page>
      );
  }
}

function SignedOut({ practices: known, failed }: { practices: SignInConfig[]; failed: boolean }) {
  return (
    <Page practice={known.length === 1 ? known[0] : undefined}>
      <Heading state="signed-out">{t('desk-title')}</Heading>
      <p class="lead">{t('desk-sign-in-text')}</p>
      {failed && <Notice kind="bad">{t('desk-sign-in-failed')}</Notice>}
      {known.length === 0 && <Notice kind="warn">{t('desk-no-practice')}</Notice>}
      <div class="actions">
        {known.map((practice) => (
          <Button key={practice.practice} kind="primary" name="sign-in" onPress={() => void leave(practice)}>
            {known.length === 1 ? t('desk-sign-in') : t('desk-sign-in-at', { practice: practice.name })}
          </Button>
        ))}
      </div>
    </Page>
  );
}

async function leave(practice: SignInConfig): Promise<void> {
  try {
    await beginSignIn(practice);
  } catch (error) {
    state.value = { kind: 'failed', error };
  }
}

function Failed({ error }: { error: unknown }) {
  const wrongPerson = error instanceof Problem && error.code === 'FORBIDDEN';
  return (
    <Page>
      <Heading state="failed">{t('desk-title')}</Heading>
      <Notice kind="bad">{inWords(error)}</Notice>
      {!wrongPerson && (
        <div class="actions">
          <Button kind="primary" name="again" onPress={() => void begin()}>
            {t('desk-again')}
          </Button>
        </div>
      )}
    </Page>
  );
}
