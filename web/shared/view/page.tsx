import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Practice } from '../api/types';
import { LANGUAGES, NAMES } from '../i18n/language';
import { choose, language, t } from '../i18n/texts';
import { Announcer } from './announce';
import { PhoneLink } from './controls';
import { useFocus } from './focus';

interface PageProps {
  practice?: Practice | undefined;
  wide?: boolean;
  children: ComponentChildren;
}

/** The frame of a page: practice, content, telephone, language. */
export function Page({ practice, wide, children }: PageProps) {
  return (
    <div class={wide ? 'page wide' : 'page'}>
      <header class="masthead">
        <span class="practice">{practice?.name ?? t('product')}</span>
        <LanguagePicker />
      </header>
      <main>{children}</main>
      <footer class="foot">
        {practice?.supportPhone ? <PhoneLink phone={practice.supportPhone} /> : <span>{t('foot-no-phone')}</span>}
        <span>{t('foot-emergency')}</span>
      </footer>
      <Announcer />
    </div>
  );
}

/** The heading of a state. It takes the focus when the state is new, so that keyboard and screen reader begin there. */
export function Heading({ state, children }: { state: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useFocus(heading, [state], { preventScroll: true });
  return (
    <h1 ref={heading} tabIndex={-1} data-state={state}>
      {children}
    </h1>
  );
}

function LanguagePicker() {
  return (
    <label class="language">
      <span class="unseen">{t('language')}</span>
      <select
        class="input"
        value={language.value}
        onChange={(event) => {
          const select = event.currentTarget;
          const chosen = LANGUAGES.find((tag) => tag === select.value);
          // Without a network the page goes on in the language that it has.
          if (chosen) choose(chosen).catch(() => (select.value = language.value));
        }}
      >
        {LANGUAGES.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {NAMES[tag]}
          </option>
        ))}
      </select>
    </label>
  );
}
