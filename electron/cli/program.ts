// The commands of `nacre`, their arguments and options; what they do is loaded only when it is needed.
import { Command, Option } from 'commander';
import { MemoryKind } from '../contract/memory.ts';
import { existingFolder } from '../durable.ts';
import type { AskOptions } from './commands/ask.ts';
import type { Reach } from './commands/look.ts';
import type { ExportOptions, ListOptions, SearchOptions, Where } from './commands/memory.ts';
import type { RemoteOptions } from './commands/model.ts';
import type { Given } from './commands/task/given.ts';
import type { WorkOptions } from './commands/work.ts';
import { parseAmount, parseId } from './exit.ts';
import type { Command as Action } from './session.ts';
import type { Texts } from './texts/texts.ts';

export type Globals = { readonly data?: string; readonly json?: boolean };
/** `works` is for commands that stay: one that is over in a moment must not begin work that it would cut off. */
type Perform = (action: Action, works: boolean) => Promise<void>;
type Brief = (action: Action) => Promise<void>;

/** `perform` runs the chosen command. Parsing throws a CommanderError, after it has said what is wrong. */
export function createProgram(texts: Texts, version: string, perform: Perform): Command {
  const program = new Command('nacre');
  program.description(texts.about).version(version).option('--data <dir>', texts.optionData).option('--json', texts.optionJson).exitOverride();
  addTalking(program, texts, perform);
  const look: Brief = (action) => perform(action, false);
  addTasks(program, texts, look);
  addModels(program, texts, look, perform);
  addMemory(program, texts, look);
  addLooking(program, texts, look);
  return program;
}

function addTalking(program: Command, texts: Texts, perform: Perform): void {
  const conversation = new Option('--conversation <name>', texts.optionConversation);
  withRunOptions(program.command('ask <text>').description(texts.ask).addOption(conversation), texts).action((text: string, options: AskOptions) =>
    perform(async (session) => (await import('./commands/ask.ts')).ask(session, text, options), true),
  );
  withRunOptions(program.command('chat').description(texts.chat).addOption(conversation), texts).action((options: AskOptions) =>
    perform(async (session) => (await import('./commands/chat.ts')).chat(session, options), true),
  );
  program
    .command('work')
    .description(texts.work)
    .option('--until-idle', texts.optionUntilIdle)
    .action((options: WorkOptions) => perform(async (session) => (await import('./commands/work.ts')).work(session, options), true));
}

function addTasks(program: Command, texts: Texts, perform: Brief): void {
  const load = () => import('./commands/task/task.ts');
  const task = program.command('task').description(texts.task);
  withBounds(task.command('add <goal>'), texts)
    .addOption(approveOption(texts))
    .action((goal: string, options: Given & AskOptions) => perform(async (session) => (await load()).addTask(session, goal, options)));
  withBounds(one(task, 'edit', 't'), texts)
    .option('--goal <goal>', texts.optionGoal)
    .addOption(new Option('--clear <what...>', texts.optionClear).choices(['checks', 'grants', 'budget']))
    .action((id: number, options: Given & { readonly goal?: string }) => perform(async (session) => (await load()).editTask(session, id, options)));
  task.command('list').action(() => perform(async (session) => (await load()).listTasks(session)));
  for (const verb of ['show', 'stop', 'pause', 'resume', 'run-now', 'remove', 'history'] as const)
    one(task, verb, 't').action((id: number) => perform(async (session) => (await load()).oneTask(session, verb, id)));
}

function addModels(program: Command, texts: Texts, perform: Brief, stay: Perform): void {
  const load = () => import('./commands/model.ts');
  const model = program.command('model').description(texts.model);
  model.command('list').action(() => perform(async (session) => (await load()).listModels(session)));
  model.command('import <file>').action((file: string) => stay(async (session) => (await load()).importModel(session, file), true));
  model
    .command('add-remote <name>')
    .requiredOption('--base-url <url>')
    .requiredOption('--model <id>')
    .option('--anthropic')
    .option('--key <key>')
    .option('--key-env <variable>')
    .option('--check')
    .action((name: string, options: RemoteOptions) => perform(async (session) => (await load()).addRemote(session, name, options)));
  model.command('use <name>').action((name: string) => perform(async (session) => (await load()).chooseModel(session, name)));
  model.command('remove <name>').action((name: string) => perform(async (session) => (await load()).removeModel(session, name)));
}

function addMemory(program: Command, texts: Texts, perform: Brief): void {
  const load = () => import('./commands/memory.ts');
  const memory = program.command('memory').description(texts.memory);
  const add = (usage: string): Command => memory.command(usage).option('--as <name>', texts.optionAs);
  add('import <file>').action((file: string, where: Where) => perform(async (session) => (await load()).importMemory(session, file, where)));
  add('search <query>')
    .option('--tokens <n>', texts.optionTokens, (text: string) => parseAmount(text, true))
    .option('--limit <n>', texts.optionLimit, (text: string) => parseAmount(text, true))
    .action((query: string, options: SearchOptions) => perform(async (session) => (await load()).searchMemory(session, query, options)));
  add('list')
    .addOption(new Option('--layer <layer>', texts.optionLayer).choices(MemoryKind.options))
    .option('--limit <n>', texts.optionLimit, (text: string) => parseAmount(text, true))
    .action((options: ListOptions) => perform(async (session) => (await load()).listMemory(session, options)));
  add('show <source>').action((source: string, where: Where) => perform(async (session) => (await load()).showMemory(session, source, where)));
  add('forget <sources...>').action((sources: string[], where: Where) => perform(async (session) => (await load()).forgetMemory(session, sources, where)));
  add('undo').action((where: Where) => perform(async (session) => (await load()).undoMemory(session, where)));
  add('export')
    .addOption(new Option('--format <format>', texts.optionFormat).choices(['markdown', 'jsonl']).default('markdown'))
    .action((options: ExportOptions) => perform(async (session) => (await load()).exportMemory(session, options)));
}

function addLooking(program: Command, texts: Texts, perform: Brief): void {
  const load = () => import('./commands/look.ts');
  const run = program.command('run').description(texts.run);
  const loadRun = () => import('./commands/run/show.ts');
  one(run, 'show', 'r').action((id: number) => perform(async (session) => (await loadRun()).showRun(session, id)));
  one(run, 'replay', 'r')
    .description(texts.replay)
    .action((id: number) => perform(async (session) => (await loadRun()).replayRun(session, id)));
  const conversation = program.command('conversation').description(texts.conversation);
  conversation.command('list').action(() => perform(async (session) => (await load()).listConversations(session)));
  const approvals = program.command('approvals').description(texts.approvals);
  approvals.command('list').action(() => perform(async (session) => (await load()).listApprovals(session)));
  one(approvals, 'allow', 'a')
    .option('--conversation')
    .option('--everywhere')
    .option('--pattern <pattern>')
    .action((id: number, { conversation, ...reach }: Reach & { readonly conversation?: boolean }) =>
      perform(async (session) =>
        (await load()).answerApproval(session, id, conversation || reach.everywhere || reach.pattern ? 'conversation' : 'once', reach),
      ),
    );
  approvals.command('grants').action(() => perform(async (session) => (await load()).listGrants(session)));
  one(approvals, 'revoke', 'g').action((id: number) => perform(async (session) => (await load()).revokeGrant(session, id)));
  one(approvals, 'deny', 'a').action((id: number) => perform(async (session) => (await load()).answerApproval(session, id, 'deny')));
  program
    .command('doctor')
    .description(texts.doctor)
    .action(() => perform(async (session) => (await load()).doctor(session)));
}

function withRunOptions(command: Command, texts: Texts): Command {
  return withPlace(command, texts).addOption(approveOption(texts));
}

function withPlace(command: Command, texts: Texts): Command {
  return command.option('--folder <dir>', texts.optionFolder, existingFolder).option('--model <id>', texts.optionModel);
}

function approveOption(texts: Texts): Option {
  return new Option('--approve <how>', texts.optionApprove).choices(['ask', 'deny', 'folder']);
}

/** What a task keeps to. */
function withBounds(command: Command, texts: Texts): Command {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return withPlace(command, texts)
    .option('--at <time>', texts.optionAt)
    .option('--every <duration>', texts.optionEvery)
    .option('--cron <pattern>', texts.optionCron)
    .option('--zone <zone>', texts.optionZone)
    .option('--after <task>', texts.optionAfter)
    .option('--until-done [pause]', texts.optionUntilDone)
    .option('--missed <policy>', texts.optionMissed)
    .option('--check <command>', texts.optionCheck, collect)
    .option('--check-file <path[:regex]>', texts.optionCheckFile, collect)
    .option('--grant <tool[:pattern]>', texts.optionGrant, collect)
    .option('--budget-tokens <n>', texts.optionBudget, (text) => parseAmount(text, true))
    .option('--budget-minutes <n>', texts.optionBudget, (text) => parseAmount(text, false))
    .option('--budget-steps <n>', texts.optionBudget, (text) => parseAmount(text, true));
}

/** A command on one thing, named by its number with or without the letter. */
function one(parent: Command, verb: string, letter: string): Command {
  return parent.command(verb).argument('<id>', '', (text: string) => parseId(text, letter));
}
