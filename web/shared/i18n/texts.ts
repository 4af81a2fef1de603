import { FluentBundle, type FluentResource, type FluentVariable } from '@fluent/bundle';
import { computed, signal } from '@preact/signals';
import { messagesOf, type Part } from './files';
import { direction, type Language, preferredLanguage, rememberLanguage } from './language';

const spoken = signal<FluentBundle | null>(null);
let parts: Part[] = ['everyone'];

/** The language that the page speaks now. */
export const language = computed<Language>(() => (spoken.value?.locales[0] ?? 'en') as Language);

/** Loads the texts, and tells the document its language and direction. Call before the first `t`. */
export async function speak(of: Part[] = ['everyone']): Promise<void> {
  parts = of;
  await speakIn(preferredLanguage());
}

/** Speaks another language from now on, here and on the next page; fails where its texts cannot be fetched. */
export async function choose(wanted: Language): Promise<void> {
  await speakIn(wanted);
  rememberLanguage(wanted);
}

async function speakIn(wanted: Language): Promise<void> {
  const bundle = new FluentBundle(wanted);
  for (const messages of await messagesOf(wanted, parts)) {
    const body = Object.entries(messages).map(([id, value]) => ({ id, value, attributes: {} }));
    const faults = bundle.addResource({ body } as FluentResource);
    if (faults.length > 0) console.error(`texts/${wanted}.ftl`, faults);
  }
  document.documentElement.lang = wanted;
  document.documentElement.dir = direction(wanted);
  spoken.value = bundle;
}

/**
 * A text in the language in use; whoever renders it is rendered anew when the language changes.
 * A text that is missing shows as its name: a test finds it before anybody sees it.
 */
export function t(id: string, values?: Record<string, FluentVariable>): string {
  const bundle = spoken.value;
  const pattern = bundle?.getMessage(id)?.value;
  if (!bundle || !pattern) return id;
  const faults: Error[] = [];
  const text = bundle.formatPattern(pattern, values ?? null, faults);
  if (faults.length > 0) console.error(id, faults);
  return text;
}
