import type { Language } from './language';

/** A message as the Fluent library has it once it is read; the build reads them. */
export type Messages = Record<string, unknown>;
/** What a page speaks of: what patients see is fetched by all, what only the desk says by the desk. */
export type Part = 'everyone' | 'desk';

/** Each language is a file of its own, in parts: a page loads the one that it speaks. */
const FILES: Record<Language, Record<Part, () => Promise<{ default: Messages }>>> = {
  en: { everyone: () => import('../../texts/en.ftl?everyone'), desk: () => import('../../texts/en.ftl?desk') },
  es: { everyone: () => import('../../texts/es.ftl?everyone'), desk: () => import('../../texts/es.ftl?desk') },
  ar: { everyone: () => import('../../texts/ar.ftl?everyone'), desk: () => import('../../texts/ar.ftl?desk') },
};

/** The messages of a language, fetched once. */
export async function messagesOf(language: Language, parts: Part[]): Promise<Messages[]> {
  const files = await Promise.all(parts.map((part) => FILES[language][part]()));
  return files.map((file) => file.default);
}
