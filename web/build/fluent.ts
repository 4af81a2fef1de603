import { readFileSync } from 'node:fs';
import { FluentResource } from '@fluent/bundle';
import type { Plugin } from 'vite';

/** The form for other sites has its messages in a build of its own (`widget/catalogue.ts`). */
const FORM = 'widget-';
const DESK = 'desk-';

/** Which messages each part of a language holds: patients on slow lines do not fetch what only the desk says. */
const PARTS: Record<string, (id: string) => boolean> = {
  everyone: (id) => !id.startsWith(FORM) && !id.startsWith(DESK),
  desk: (id) => id.startsWith(DESK),
};

/** Reads `texts/en.ftl?everyone` when the pages are built, so that no phone has to: the parser stays at home. */
export function fluent(): Plugin {
  return {
    name: 'fluent',
    load(id) {
      const [file = '', part = ''] = id.split('?');
      const isIn = file.endsWith('.ftl') ? PARTS[part] : undefined;
      return isIn ? `export default JSON.parse(${JSON.stringify(JSON.stringify(messages(file, isIn)))});` : null;
    },
  };
}

/** The messages as the Fluent library has them once they are read: name → pattern. */
function messages(file: string, isIn: (id: string) => boolean): Record<string, unknown> {
  const { body } = new FluentResource(readFileSync(file, 'utf8'));
  const lacking = body.filter(({ value, attributes }) => value === null || Object.keys(attributes).length > 0).map(({ id }) => id);
  if (lacking.length > 0) throw new Error(`${file}: messages are words alone, without attributes: ${lacking.join(', ')}`);
  return Object.fromEntries(body.filter(({ id }) => isIn(id)).map(({ id, value }) => [id, value]));
}
