import { useState } from 'preact/hooks';
import { ask } from '../../shared/api/client';
import { Problem } from '../../shared/api/problem';
import { t } from '../../shared/i18n/texts';
import { Button, Notice } from '../../shared/view/controls';
import { Heading, Page } from '../../shared/view/page';

type Standing = 'ready' | 'busy' | 'done' | 'dead' | 'limited' | 'failed';

/** Where the link of the e-mail leads. Mail scanners open it too: only a press confirms. */
export function Confirm({ challengeId, secret }: { challengeId: string; secret: string | null }) {
  const [standing, setStanding] = useState<Standing>(secret ? 'ready' : 'dead');
  const confirm = async () => {
    setStanding('busy');
    setStanding(await answered(challengeId, secret ?? ''));
  };
  const state = standing === 'busy' ? 'ready' : standing;
  return (
    <Page>
      <Heading state={`confirm-${state}`}>{t(standing === 'done' ? 'confirm-done' : 'confirm-title')}</Heading>
      {standing === 'done' && <p class="lead">{t('confirm-done-what')}</p>}
      {standing === 'dead' && <Notice kind="bad">{t('confirm-dead')}</Notice>}
      {standing === 'failed' && <Notice kind="bad">{t('trouble-offline')}</Notice>}
      {standing === 'limited' && <Notice kind="bad">{t('trouble-limited')}</Notice>}
      {standing !== 'done' && standing !== 'dead' && (
        <>
          <p class="lead">{t('confirm-what')}</p>
          <Button kind="primary" busy={standing === 'busy'} onPress={() => void confirm()} name="confirm">
            {t('confirm-press')}
          </Button>
        </>
      )}
    </Page>
  );
}

async function answered(challengeId: string, answer: string): Promise<Standing> {
  try {
    await ask({ method: 'POST', path: `/api/challenges/${encodeURIComponent(challengeId)}/answer`, body: { answer } });
    return 'done';
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) return 'failed';
    return error.status === 429 ? 'limited' : 'dead';
  }
}
