// How the app is built: the main process with its engine entry, the preload, and the window.
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string): string => resolve(import.meta.dirname, path);

/** Native code, and a library that starts programs of its own, stay outside every bundle. */
const native = ['electron', 'better-sqlite3', 'node-llama-cpp', /^@anthropic-ai\/sandbox-runtime(\/|$)/, /^node:/];

export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      // Electron 45 runs Node 24; electron-vite's own table ends before it.
      target: 'node24',
      externalizeDeps: false,
      rolldownOptions: {
        external: native,
        input: { main: at('electron/main.ts'), engine: at('local-models/child.ts') },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      target: 'node24',
      // A sandboxed preload must be one CommonJS file.
      rolldownOptions: { external: ['electron'], input: { preload: at('electron/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: { outDir: at('out/renderer'), emptyOutDir: true, target: 'chrome152', rolldownOptions: { input: at('renderer/index.html') }, assetsInlineLimit: 0 },
  },
});
