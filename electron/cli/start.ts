// From the arguments to the exit code: parses, opens a client, runs the command, closes, and says what went wrong in one sentence.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { faultOf } from '../contract/fault.ts';
import { version } from '../contract/version.ts';
import { dataFolder } from '../desktop/paths.ts';
import { createLog } from '../log.ts';
import type { Client } from './client.ts';
import { exitCode, exitCodeOf } from './exit.ts';
import { createProgram, type Globals } from './program.ts';
import type { Command } from './session.ts';
import { watchSignals } from './signals.ts';
import { createTerminal } from './terminal.ts';
import { localeOf, textsFor } from './texts/texts.ts';

/** How long closing may take before the process ends anyway, in milliseconds. */
const patience = 10_000;

/** Ends the process. `argv` is without the program's own name. */
export async function start(argv: readonly string[]): Promise<never> {
  const locale = localeOf(process.env);
  const texts = textsFor(locale);
  // Known before parsing, because what is wrong with the arguments must be said in the right form too.
  const terminal = createTerminal(argv.includes('--json'));
  let client: Client | null = null;
  let data = '';
  let code: number = exitCode.done;

  let finishing: Promise<never> | null = null;
  const close = async (result: number): Promise<never> => {
    setTimeout(() => process.exit(result), patience).unref();
    await client?.close().catch((error: unknown) => log('cli.not-closed', error));
    await terminal.flush();
    process.exit(result);
  };
  // The first reason to end counts; what breaks while closing is no news.
  const finish = (result: number): Promise<never> => {
    finishing ??= close(result);
    return finishing;
  };
  const fail = (error: unknown): Promise<never> => {
    if (finishing !== null) return finishing;
    const found = faultOf(error);
    if (found.code === 'app.defect') log('cli.defect', error);
    terminal.line({ type: 'fault', fault: found });
    terminal.say(found.message);
    return finish(exitCodeOf(found));
  };
  const log = (event: string, error: unknown): void => {
    if (data !== '') createLog(join(data, 'logs'), Date.now).error(event, error);
  };
  const perform = async (command: Command, works: boolean): Promise<void> => {
    const globals = program.opts<Globals>();
    data = dataFolder({ argv: globals.data === undefined ? [] : ['--data', globals.data], env: process.env, platform: process.platform, home: homedir() });
    const signals = watchSignals((signal) => void finish(signal));
    const { openClient } = await import('./client.ts');
    client = await openClient({ data, locale, works });
    for (const notice of await client.notices()) {
      terminal.line({ type: 'app.noticed', fault: notice });
      terminal.say(notice.message);
    }
    code = (await command({ client, terminal, texts, signals })) || exitCode.done;
  };
  const program = createProgram(texts, version, perform);
  for (const defect of ['uncaughtException', 'unhandledRejection']) process.on(defect, (error) => void fail(error));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return await finish(code);
  } catch (error) {
    if (!(error instanceof CommanderError)) return await fail(error);
    if (error.exitCode === 0) return await finish(exitCode.done);
    terminal.line({ type: 'fault', fault: { code: 'usage', message: error.message } });
    return await finish(exitCode.usage);
  }
}
