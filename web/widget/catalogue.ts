import { readFileSync, readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { FluentResource } from '@fluent/bundle';
import type { Plugin } from 'vite';

const FOLDER = resolve(import.meta.dirname, '../texts');
const OURS = 'widget-';

/**
 * The form's messages of each language, as words with `{name}` in them. It is all that they use of Fluent, and spares
 * every lander's page the library that would read them: whoever writes more is told by the build.
 */
export function catalogue(): Record<string, Record<string, string>> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ftl'));
  const languages = files.map((file) => [basename(file, '.ftl'), messages(resolve(FOLDER, file))] as const);
  const [first, ...others] = languages;
  for (const [language, found] of others) {
    const names = (of: Record<string, string>) => Object.keys(of).sort().join(' ');
    if (names(found) !== names(first?.[1] ?? {})) throw new Error(`${language}.ftl and ${first?.[0]}.ftl differ in ${OURS}*`);
  }
  return Object.fromEntries(languages);
}

function messages(file: string): Record<string, string> {
  const { body } = new FluentResource(readFileSync(file, 'utf8'));
  const ours = body.filter((message) => message.id.startsWith(OURS));
  return Object.fromEntries(ours.map(({ id, value }) => [id.slice(OURS.length), words(id, value)]));
}

function words(id: string, value: unknown): string {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  return parts.map((part) => {
    if (typeof part === 'string') return part;
    const { type, name } = part as { type?: string; name?: string };
    if (type === 'var' && name) return `{${name}}`;
    throw new Error(`${id}: the form's messages may hold words and variables only`);
  }).join('');
}

/** Gives the messages to the form's code. */
export function widgetTexts(): Plugin {
  const name = 'virtual:widget-texts';
  return {
    name: 'widget-texts',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? `export default ${JSON.stringify(catalogue())}` : null),
  };
}
