import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, defineConfig, type Plugin } from 'vite';
import { EARLY, early } from './build/early.ts';
import { fluent } from './build/fluent.ts';

const here = import.meta.dirname;
/** Pages that play with the laptop's controls: never in what is deployed. */
const laptopOnly = ['ccp', 'demo'];

/** One page a folder, each with its `index.html`. */
function pages(mode: string): Record<string, string> {
  const wanted = (name: string) =>
    existsSync(resolve(here, 'pages', name, 'index.html')) && (mode !== 'cloud' || !laptopOnly.includes(name));
  const names = readdirSync(resolve(here, 'pages')).filter(wanted);
  return Object.fromEntries(names.map((name) => [name, resolve(here, 'pages', name, 'index.html')]));
}

/** Squeezes the files beside themselves, for the laptop to serve as the edge does, which squeezes by itself. */
function squeezed(folder: string): Plugin {
  return {
    name: 'squeezed',
    closeBundle() {
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (/\.(html|js|css|svg)$/.test(file)) writeFileSync(resolve(folder, `${file}.gz`), gzipSync(readFileSync(resolve(folder, file)), { level: 9 }));
      }
    },
  };
}

/** The form for other sites is a build of its own, into the same folder: one script with all that it needs. */
function widget(mode: string): Plugin {
  let quiet: 'info' | 'warn' = 'info';
  return {
    name: 'widget',
    apply: 'build',
    configResolved: ({ logLevel }) => void (quiet = logLevel === 'info' ? 'info' : 'warn'),
    closeBundle: {
      // Before what is there is squeezed.
      order: 'pre',
      sequential: true,
      handler: async () => void (await build({ configFile: resolve(here, 'widget/vite.config.ts'), mode, logLevel: quiet })),
    },
  };
}

/** The library of the Connect panel asks `Function` for the global object before it asks the window: the policy of the pages forbids it. */
const withoutEval: Plugin = {
  name: 'without-eval',
  transform(code, id) {
    if (!id.includes('/amazon-connect-streams/')) return null;
    return { code: code.replaceAll(/new Function\(["']return this["']\)\(\)/g, 'globalThis'), map: null };
  },
};

export default defineConfig(({ mode }) => ({
  root: resolve(here, 'pages'),
  publicDir: resolve(here, 'public'),
  // The Chime library was written for bundlers that have it.
  define: { global: 'globalThis' },
  plugins: [withoutEval, fluent(), early(), widget(mode), ...(mode === 'cloud' ? [] : [squeezed(resolve(here, 'dist/laptop'))])],
  resolve: {
    alias: {
      // The messaging client of the Chime library drags in a part of the AWS SDK that no page uses.
      '@aws-sdk/client-chime-sdk-messaging': resolve(here, 'shared/call/no-messaging.ts'),
      // 64-bit integers by WebAssembly, which the policy of the pages forbids: without it they are plain numbers.
      long: resolve(here, 'shared/call/no-long.ts'),
    },
  },
  build: {
    outDir: resolve(here, 'dist', mode === 'cloud' ? 'cloud' : 'laptop'),
    emptyOutDir: true,
    target: ['chrome109', 'firefox115', 'safari15.4'],
    // The policy of the pages allows no `data:` scripts, and small files are cheap over one connection.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1300,
    rolldownOptions: {
      input: pages(mode),
      output: {
        codeSplitting: {
          groups: [
            { ...EARLY, priority: 2 },
            // What all pages share is one file: on a slow line each further one costs a way there and back. The call comes later.
            { name: 'shared', test: /node_modules\/(preact|@preact|@fluent)\/|\/web\/shared\/(?!call\/|sign-in\/)/, priority: 1 },
          ],
        },
      },
    },
  },
}));
