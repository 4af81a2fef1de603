import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { computed, signal } from '@preact/signals';
import { direction, type Language, preferredLanguage, rememberLanguage } from './language';

/** Each language is a file of its own: a page loads the one that it speaks. */
const files: Record<Language, () => Promise<{ default: string }>> = {
  en: () => import('../../texts/en.ftl?raw'),
  es: () => import('../../texts/es.ftl?raw'),
  ar: () => import('../../texts/ar.ftl?raw'),
};

const spoken = signal<FluentBundle | null>(null);

/** The language that the page speaks now. */
export const language = computed<Language>(() => (spoken.value?.locales[0] ?? 'en') as Language);

/** Loads the texts, and tells the document its language and direction. Call before the first `t`. */
export async function speak(wanted: Language = preferredLanguage()): Promise<void> {
  const { default: source } = await files[wanted]();
  const bundle = new FluentBundle(wanted);
  const faults = bundle.addResource(new FluentResource(source));
  if (faults.length > 0) console.error(`texts/${wanted}.ftl`, faults);
  document.documentElement.lang = wanted;
  document.documentElement.dir = direction(wanted);
  spoken.value = bundle;
}

/** Speaks another language from now on, here and on the next page. */
export async function choose(wanted: Language): Promise<void> {
  rememberLanguage(wanted);
  await speak(wanted);
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
