// Runs a built main process under plain Node: `node run.ts ENTRY [ARGUMENT…]`, with Chromium at the other end of the channel.
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserCalls, connect, type MainCalls, type Port } from '../wire.ts';
import { createElectron } from './electron.ts';

const [node = '', , entry = '', ...appArguments] = process.argv;
const root = resolve(import.meta.dirname, '../../..');
process.argv = [node, root, ...appArguments];

const port: Port = {
  send: (message) => void process.send?.(message),
  onMessage: (listener) => void process.on('message', listener),
  onClose: (listener) => void process.once('disconnect', listener),
};
const browser = connect<BrowserCalls, MainCalls>(port, () => electron.calls);
const electron = createElectron(root, browser, process.argv);

// Without its Chromium the app is gone, as a killed Electron would be.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => electron.quit());
answerImports(electron.modules);

// Real Electron becomes ready only after the entry has run to its end, so an entry that awaits it at its top level hangs, here too.
await import(pathToFileURL(resolve(entry)).href);
setTimeout(electron.becomeReady, 5);

/** `import` and `require` of "electron" give our modules, in the app and in everything it loads. */
function answerImports(modules: object): void {
  const key = 'nacre.stand-in.electron';
  Object.assign(globalThis, { [key]: modules });
  const names = Object.keys(modules);
  const source = `const e = globalThis['${key}'];
${names.map((name) => `export const ${name} = e.${name};`).join('\n')}
export default e; export { e as 'module.exports' };`;
  const isElectron = (specifier: string): boolean => specifier === 'electron' || specifier.startsWith('electron/');
  registerHooks({
    resolve: (specifier, context, next) =>
      isElectron(specifier) ? { url: 'stand-in:electron', format: 'module', shortCircuit: true } : next(specifier, context),
    load: (url, context, next) => (url === 'stand-in:electron' ? { format: 'module', source, shortCircuit: true } : next(url, context)),
  });
}
