import { signal } from '@preact/signals';

const said = signal({ politely: '', atOnce: '' });

/** Tells users of screen readers what has changed; `at once` interrupts, for what must not wait. */
export function announce(text: string, how: 'politely' | 'at once' = 'politely'): void {
  // The same words again are news again.
  const before = how === 'politely' ? said.value.politely : said.value.atOnce;
  const news = before === text ? `${text}\u00a0` : text;
  said.value = how === 'politely' ? { politely: news, atOnce: '' } : { politely: '', atOnce: news };
}

/** Stands in each page once, from its beginning: a live region that comes later is not read out. */
export function Announcer() {
  return (
    <>
      <div class="unseen" role="status" aria-live="polite" data-announced="politely">
        {said.value.politely}
      </div>
      <div class="unseen" role="alert" aria-live="assertive" data-announced="at-once">
        {said.value.atOnce}
      </div>
    </>
  );
}
