// Runs on disk: created, claimed, changed, ended. Every change of state is one commit, and a claim fences off all earlier ones.

import type { Acceptance } from '../agent/seam.ts';
import type { Spent } from '../contract/budget.ts';
import type { Entry, EntryBody } from '../contract/entry.ts';
import { type Fault, FaultError, fault } from '../contract/fault.ts';
import type { ConversationId, EntryId, RunId, TaskId } from '../contract/id.ts';
import type { Lane, RunState, RunView, Usage } from '../contract/run.ts';
import { createEntries, type Entries } from '../journal/entries.ts';
import type { Db } from '../journal/open.ts';
import type { Approve } from '../tools/policy.ts';
import { createAccount, createWatch, Fenced, type Watch } from './bounds/account.ts';
import { type Change, isEnded, type Open, requireTransition, type Successor } from './transitions.ts';

/** `task` is the one it is a firing of; null for a turn. */
export type Run = Readonly<Omit<RunView, 'text'>> & {
  readonly wakeAt: number | null;
  readonly approve: Approve;
  readonly replaces: RunId | null;
  readonly fence: number;
  readonly crashes: number;
  /** Calls that ended without anyone knowing whether they happened. */
  readonly unknownCalls: number;
  /** The entries with which it began and ended: its places in the thread. */
  readonly openedBy: EntryId;
  readonly closedBy: EntryId | null;
  readonly current: string;
  /** Milliseconds at work, without the time it waited; and tokens set aside for the call under way. */
  readonly workedMs: number;
  readonly reserved: number;
  /** Used beside its own replies: judgements, what was set aside for a call that a crash cut off, and what it handed to parts of its work. */
  readonly beside: Spent;
  /** Null for a turn. */
  readonly acceptance: Wanted | null;
  readonly startedAt: number | null;
};

/** What a run of a task must show at its end, and how long it pauses before the next round where it goes on until it is done. */
export type Wanted = Pick<Acceptance, 'checks' | 'pauseMs'>;

export type NewRun = Pick<Run, 'conversation' | 'kind' | 'task' | 'lane' | 'model' | 'approve' | 'replaces'> & {
  readonly text: string;
  readonly folder: string | null;
  /** Makes accepting twice harmless. */
  readonly key: string | null;
  readonly acceptance?: Wanted;
};

export type RunStore = ReturnType<typeof createRunStore>;

const columns = `id, conversation, kind, task, lane, state, waiting_for AS waitingFor, wake_at AS wakeAt, model, approve, replaces, fence, crashes, steps, current,
  unknown_calls AS unknownCalls, opened_by AS openedBy, closed_by AS closedBy, worked_ms AS workedMs, reserved, beside, acceptance,
  usage, fault, created_at AS createdAt, started_at AS startedAt, ended_at AS endedAt`;
type Written = 'usage' | 'fault' | 'beside' | 'acceptance';
type Row = Omit<Run, Written> & Readonly<Record<Written, string | null>>;
const lanes: readonly Lane[] = ['chat', 'waiting', 'background'];
const lastEntryAt = 'SELECT at FROM entry WHERE entry.run = run.id ORDER BY entry.id DESC LIMIT 1';
const dayMs = 86_400_000;

export function createRunStore(db: Db, now: () => number) {
  const entries = createEntries(db, now);
  const watch = createWatch();
  const rows = (condition: string, ...params: readonly unknown[]): Run[] =>
    db
      .prepare<Row>(`SELECT ${columns} FROM run WHERE ${condition}`)
      .all(...params)
      .map(toRun);
  const isQueued = db.prepare(`SELECT 1 FROM run WHERE state = 'queued' AND lane = ? LIMIT 1`);
  /** Throws a FaultError where there is no such run. */
  const get = (id: RunId): Run => {
    const [run] = rows('id = ?', id);
    if (run === undefined) throw new FaultError(fault('run.missing', { id }));
    return { ...run, workedMs: run.workedMs + watch.elapsed(id) };
  };
  /** Its crashes count from here on. */
  const forgive = (run: RunId): void => void db.prepare('UPDATE run SET crashes = 0 WHERE id = ?').run(run);
  const kept: Kept = { db, entries, watch, get, now };
  return {
    entries,
    account: createAccount(db),
    create: (input: NewRun) => create(kept, input),
    byKey: (key: string): Run | null => rows('key = ?', key)[0] ?? null,
    get,
    inState: (...states: readonly RunState[]) => rows(`state IN (${states.map(() => '?').join(', ')}) ORDER BY id`, ...states),
    /** The oldest in the queue of each lane: enough to choose from, however many there are. */
    queued: () => lanes.flatMap((lane) => (isQueued.get(lane) === undefined ? [] : rows(`state = 'queued' AND lane = ? ORDER BY id LIMIT 100`, lane))),
    /** Those that wait for a time that has come, or for one that a clock named which has been set back by more than a day since; and the next such time. */
    due: (time: number) =>
      rows(`state = 'waiting' AND (wake_at <= ? OR (wake_at > ? AND (${lastEntryAt}) > ?)) ORDER BY wake_at, id`, time, time + dayMs, time + dayMs),
    nextWake: () => db.prepare<{ at: number | null }>(`SELECT min(wake_at) AS at FROM run WHERE state = 'waiting'`).get()?.at ?? null,
    ofConversation: (conversation: ConversationId) => rows('conversation = ? ORDER BY id', conversation),
    /** All firings of a task, oldest first, and the newest of them. */
    ofTask: (task: TaskId) => rows('task = ? ORDER BY id', task),
    latestOfTask: (task: TaskId): Run | null => rows('task = ? ORDER BY id DESC LIMIT 1', task)[0] ?? null,
    /** The turn of the conversation that has not ended, if any. */
    openTurn: (conversation: ConversationId): Run | null =>
      rows(`conversation = ? AND kind = 'turn' AND ended_at IS NULL ORDER BY id DESC LIMIT 1`, conversation)[0] ?? null,
    /** A message that joins a run that has not ended. */
    join: (run: RunId, text: string, folder: string | null, key: string | null): Entry =>
      db.commit('message.join', () => {
        forgive(run);
        return entries.append(run, { type: 'message', text, ...(folder === null ? {} : { folder }), ...(key === null ? {} : { key }) });
      }),
    claim: (id: RunId, model: string) => claim(kept, id, model),
    append: (claimed: Run, bodies: readonly EntryBody[]) => append(kept, claimed, bodies),
    /** Only what may follow `from` compiles. Throws where the run is in another state by now: then nothing has changed. */
    change: <From extends Open>(id: RunId, from: From, to: Change<Successor<From>>, entry?: EntryBody, trouble?: Fault | null) =>
      change(kept, id, from, to, entry, trouble),
    /** After a crash: running → queued, counted. */
    requeue: (id: RunId): Run =>
      db.commit('run.requeue', () => {
        db.prepare(`UPDATE run SET state = 'queued', crashes = crashes + 1, fence = fence + 1 WHERE id = ? AND state = 'running'`).run(id);
        return get(id);
      }),
    forgive,
  };
}

type Kept = { readonly db: Db; readonly entries: Entries; readonly watch: Watch; get(run: RunId): Run; now(): number };

function change({ db, entries, watch, get, now }: Kept, id: RunId, from: Open, to: Change, entry?: EntryBody, trouble: Fault | null = null): Run {
  return db.commit(`run.${to.to}`, () => {
    const { state } = get(id);
    if (state !== from) throw new Error(`run ${id} is ${state}, not ${from}`);
    requireTransition(from, to.to);
    const written = entry === undefined ? null : entries.append(id, entry);
    const waiting = to.to === 'waiting' ? to : null;
    db.prepare('UPDATE run SET state = ?, waiting_for = ?, wake_at = ?, ended_at = ?, fault = ?, closed_by = ?, worked_ms = worked_ms + ? WHERE id = ?').run(
      ...[to.to, waiting?.for ?? null, waiting?.wakeAt ?? null, isEnded(to.to) ? now() : null, trouble === null ? null : JSON.stringify(trouble)],
      ...[isEnded(to.to) ? written?.id : null, watch.elapsed(id), id],
    );
    watch.end(id);
    return get(id);
  });
}

/** Inside the caller's commit, so that what belongs to the run is created with it. */
function create({ db, entries, get, now }: Kept, input: NewRun): { run: Run; message: EntryId } {
  const acceptance = input.acceptance === undefined ? null : JSON.stringify(input.acceptance);
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO run (conversation, kind, task, lane, state, model, approve, replaces, key, acceptance, created_at) VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?)`,
    )
    .run(input.conversation, input.kind, input.task, input.lane, input.model, input.approve, input.replaces, input.key, acceptance, now());
  const id = Number(lastInsertRowid);
  const message = entries.append(id, { type: 'message', text: input.text, ...(input.folder === null ? {} : { folder: input.folder }) });
  db.prepare('UPDATE run SET opened_by = ? WHERE id = ?').run(message.id, id);
  return { run: get(id), message: message.id };
}

/** queued → running; returns the run with its new fence. */
function claim({ db, entries, watch, get, now }: Kept, id: RunId, model: string): Run {
  watch.begin(id);
  return db.commit('run.claim', () => {
    const run = get(id);
    requireTransition(run.state, 'running');
    db.prepare(`UPDATE run SET state = 'running', fence = fence + 1, started_at = coalesce(started_at, ?) WHERE id = ?`).run(now(), id);
    entries.append(id, { type: 'started', attempt: run.fence + 1, model });
    return get(id);
  });
}

/** Writes entries of a claimed run. Throws Fenced where a later claim exists. */
function append({ db, entries, watch }: Kept, claimed: Run, bodies: readonly EntryBody[]): Entry[] {
  return db.commit(`entry.${bodies[0]?.type ?? 'none'}`, () => {
    const held = db.prepare<{ fence: number; usage: string | null }>(`SELECT fence, usage FROM run WHERE id = ? AND state = 'running'`).get(claimed.id);
    if (held?.fence !== claimed.fence) throw new Fenced(claimed.id);
    for (const body of bodies) {
      if (body.type === 'outcome' && body.status === 'unknown') db.prepare('UPDATE run SET unknown_calls = unknown_calls + 1 WHERE id = ?').run(claimed.id);
      if (body.type !== 'reply') continue;
      const usage = JSON.stringify(addUsage(held.usage === null ? null : (JSON.parse(held.usage) as Usage), body.usage));
      const current = body.calls.at(-1)?.tool ?? '';
      db.prepare('UPDATE run SET steps = steps + 1, usage = ?, current = ?, crashes = 0, reserved = 0, worked_ms = worked_ms + ? WHERE id = ?').run(
        ...[usage, current, watch.elapsed(claimed.id), claimed.id],
      );
      watch.begin(claimed.id);
    }
    return bodies.map((body) => entries.append(claimed.id, body));
  });
}

/** The sum over a run; model and place are those of the latest reply. */
export function addUsage(sum: Usage | null, usage: Usage): Usage {
  if (sum === null) return usage;
  const total = { ...usage };
  for (const kind of ['read', 'reused', 'written', 'prefillMs', 'decodeMs'] as const) total[kind] += sum[kind];
  return total;
}

/** Written by this file alone, under the table's constraints, so trusted here. */
function toRun({ usage, fault: trouble, beside, acceptance, ...row }: Row): Run {
  const read = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
  return { ...row, usage: read(usage), fault: read(trouble), beside: JSON.parse(beside ?? '') as Spent, acceptance: read(acceptance) };
}
