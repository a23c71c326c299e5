// For tests: the working heart over a real data folder, real tools and a given model, with a clock that only counts.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../electron/contract/event.ts';
import { type Db, openJournal } from '../../electron/journal/open.ts';
import { silentLog } from '../../electron/log.ts';
import type { Model } from '../../electron/models/model.ts';
import { listFiles } from '../../electron/tools/files/list.ts';
import { readFile } from '../../electron/tools/files/read.ts';
import { writeFile } from '../../electron/tools/files/write.ts';
import type { Sandbox } from '../../electron/tools/sandbox/seam.ts';
import { createRunCommand } from '../../electron/tools/shell/command.ts';
import type { Tool } from '../../electron/tools/tool.ts';
import { composeWork, type Work, type WorkOptions } from '../../electron/work.ts';

/** Holds nothing back, so that what is about something else can be tested where no sandbox is. */
export const openGround: Sandbox = {
  lacks: () => [],
  trouble: async () => null,
  wrap: async (script) => ({ script, endsWhole: false, inMemory: [], release: async () => undefined }),
};

const tools = [readFile, writeFile, listFiles, createRunCommand(openGround)] as unknown as readonly Tool[];

export type House = Work & {
  readonly db: Db;
  readonly data: string;
  readonly folder: string;
  readonly events: Event[];
  /** The clock, which counts one at each look. */
  now(): number;
  /** Moves the clock on, in milliseconds. */
  pass(ms: number): void;
  close(): Promise<void>;
};

const open: House[] = [];

/** A house over a fresh data folder, or over that of one that was closed. */
export function house(openModel: Model | (() => Promise<Model>), data = mkdtempSync(join(tmpdir(), 'nacre-work-')), more: Partial<WorkOptions> = {}): House {
  const folder = join(data, 'folder');
  mkdirSync(folder, { recursive: true });
  const db = openJournal(data);
  const events: Event[] = [];
  let time = 1_780_000_000_000;
  const now = (): number => ++time;
  const work = composeWork({
    db,
    log: silentLog,
    tools,
    scratch: join(data, 'runs'),
    now,
    openModel: typeof openModel === 'function' ? openModel : async () => openModel,
    announce: (event) => events.push(event),
    language: () => 'en',
    ...more,
  });
  work.worker.start();
  const close = async (): Promise<void> => {
    await work.clock.stop();
    await work.worker.close();
    db.close();
  };
  const made: House = { ...work, db, data, folder, events, close, now, pass: (ms) => (time += ms) };
  open.push(made);
  return made;
}

/** After each test: closes what was opened and removes its data. */
export async function clearHouses(): Promise<void> {
  for (const one of open.splice(0)) {
    await one.close();
    rmSync(one.data, { recursive: true, force: true });
  }
}

/** Posts to the newest conversation, or to a new one in the house's folder, and waits until nothing runs; the run that took it. */
export async function ask(work: House, text: string, more: object = {}): Promise<number> {
  const conversation = work.threads.list()[0] ?? work.threads.create('', work.folder);
  const { run } = await work.inbox.post({ conversation: conversation.id, text, ...more });
  await work.worker.untilIdle();
  return run;
}

/** What happened in a run, by type, without the bookkeeping of claims. */
export function story(work: Work, run: number): string[] {
  return work.runs.entries.of(run).flatMap(({ body }) => {
    if (body.type === 'started') return [];
    if (body.type === 'outcome') return [`outcome ${body.status}`];
    if (body.type === 'ended') return [`ended ${body.outcome}`];
    return [body.type];
  });
}
