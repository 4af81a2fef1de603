import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { widgetTexts } from './catalogue.ts';

/** One script, for pages of other sites: it brings all that it needs, and leaves nothing behind in their names. */
export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [widgetTexts()],
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: resolve(import.meta.dirname, '../dist', mode === 'cloud' ? 'cloud' : 'laptop'),
    // The pages are there already.
    emptyOutDir: false,
    target: ['chrome109', 'firefox115', 'safari15.4'],
    reportCompressedSize: false,
    lib: { entry: resolve(import.meta.dirname, 'main.tsx'), formats: ['iife'], name: 'bedsideSchedule', fileName: () => 'widget.js' },
  },
}));
