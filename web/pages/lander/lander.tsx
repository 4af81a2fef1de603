import './lander.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../../shared/api/client';
import { language, t } from '../../shared/i18n/texts';
import type { SignInConfig } from '../../shared/sign-in/config';
import { Heading, Page } from '../../shared/view/page';

/** What `/config.json` says beside the practices: with it, the page at the root takes requests for visits itself. */
interface LanderConfig {
  publishableKey: string;
  clinicians: { id: string; name: string }[];
  timezone: string;
}

interface Config {
  practices: SignInConfig[];
  lander?: LanderConfig;
}

/** The page at the root: an example of a lander's page, with the form as any site embeds it. */
export function Lander() {
  const [config, setConfig] = useState<Config | null>(null);
  useEffect(() => {
    // Without it the page still says what a patient with a link can do.
    void ask<Config>({ method: 'GET', path: '/config.json' }).then(setConfig, () => setConfig({ practices: [] }));
  }, []);
  const practice = config?.practices[0];
  const lander = config?.lander;
  const title = t(lander ? 'lander-title' : 'lander-none-title');
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <Page practice={practice}>
      <Heading state={config ? 'ready' : 'loading'}>{title}</Heading>
      {config && <p class="lead">{t(lander ? 'lander-lead' : 'lander-none')}</p>}
      {lander && practice && (
        <div class="card">
          <Schedule key={language.value} lander={lander} practice={practice} />
        </div>
      )}
      {config && (
        <nav class="lander-ways">
          <a href="/check">{t('lander-check')}</a>
          <a href="/portal">{t('lander-portal')}</a>
          <a href="/desk">{t('lander-desk')}</a>
        </nav>
      )}
    </Page>
  );
}

/** The form, by the one script tag that every other site has. */
function Schedule({ lander, practice }: { lander: LanderConfig; practice: SignInConfig }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!document.querySelector('script[src="/widget.js"]')) {
      const script = document.createElement('script');
      script.src = '/widget.js';
      document.head.append(script);
    }
    const form = document.createElement('bedside-schedule');
    const says: Record<string, string | undefined> = {
      key: lander.publishableKey, practice: practice.name, phone: practice.supportPhone, timezone: lander.timezone,
    };
    for (const [name, value] of Object.entries(says)) if (value) form.setAttribute(name, value);
    form.append(...lander.clinicians.map(({ id, name }) => new Option(name, id)));
    place.current?.replaceChildren(form);
  }, []);
  return <div ref={place} />;
}
