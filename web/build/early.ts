import type { Plugin } from 'vite';

/** The module that begins before a page's own code is there. */
const MODULE = /\/web\/shared\/early\/early\.ts$/;

/** With all that it needs it is a file of its own, which is small and so there first. */
export const EARLY = { name: 'early', test: /\/web\/shared\/(early\/\w+|i18n\/(files|language))\.ts$|vite\/preload-helper/ };

/**
 * Lets it run as soon as it is there: `async` waits neither for the style sheets nor for the rest of the code, which takes
 * the same module over when it comes.
 */
export function early(): Plugin {
  return {
    name: 'early',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        const file = Object.values(bundle ?? {}).find((part) => part.type === 'chunk' && part.moduleIds.some((id) => MODULE.test(id)));
        if (!file) throw new Error('the build has no early module');
        const attrs = { type: 'module', async: true, fetchpriority: 'high', crossorigin: true, src: `/${file.fileName}` };
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }];
      },
    },
  };
}
