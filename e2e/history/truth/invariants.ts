// What must hold at every moment of every history. Looks at the file with queries of its own; throws with what is wrong.
import type { Approval } from '../../../electron/contract/approval.ts';
import type { Entry } from '../../../electron/contract/entry.ts';
import { replay } from '../../../electron/runs/replay.ts';
import type { Run } from '../../../electron/runs/store.ts';
import type { World } from '../world/life.ts';
import { takeMoves, takeRewritten } from '../world/watched.ts';
import type { Person } from './accepted.ts';
import { checkDues } from './dues.ts';
import { checkEffects } from './ledger.ts';
import { differences } from './replay.ts';
import { require } from './require.ts';

/** The state machine as the design draws it: a copy of its own, so that a wrong table in the product is noticed. */
const legal: ReadonlySet<string> = new Set([
  'queued running',
  'queued waiting',
  'queued stopped',
  'queued failed',
  'running queued',
  'running waiting',
  'running done',
  'running failed',
  'running stopped',
  'running unknown',
  'waiting queued',
  'waiting stopped',
  'waiting failed',
]);

type EntryRow = { readonly id: number; readonly run: number; readonly at: number; readonly type: string; readonly body: string };

/** After everything that happens: cheap enough for that. */
export function checkQuickly(world: World, person: Person): void {
  const { raw } = world.life;
  for (const move of takeMoves(raw)) require(legal.has(`${move.old} ${move.new}`), `run ${move.run} went from ${move.old} to ${move.new}`);
  for (const entry of takeRewritten(raw)) require(false, `entry ${entry} was rewritten`);
  const last = Math.max(0, ...[...person.entries.keys()].slice(-1));
  for (const row of raw.prepare<EntryRow>('SELECT * FROM entry WHERE id > ? ORDER BY id').all(last)) person.entries.set(row.id, textOf(row));
  for (const { run } of raw.prepare<{ run: number }>(`SELECT run FROM entry WHERE type = 'ended' GROUP BY run HAVING count(*) > 1`).all())
    require(false, `run ${run} ended twice`);
}

/** After a crash, and at the end. */
export function checkAll(world: World, person: Person): void {
  const { raw, work } = world.life;
  const rows = new Map(
    raw
      .prepare<EntryRow>('SELECT * FROM entry ORDER BY id')
      .all()
      .map((row) => [row.id, textOf(row)]),
  );
  for (const [id, text] of person.entries) require(rows.get(id) === text, `entry ${id} was ${text} and is ${rows.get(id) ?? 'gone'}`);
  require(Math.max(0, ...rows.keys()) >= world.durable, `entry ${world.durable} was committed and is gone`);
  checkQuickly(world, person);
  const runs = raw
    .prepare<{ id: number }>('SELECT id FROM run ORDER BY id')
    .all()
    .map(({ id }) => work.runs.get(id));
  const told = new Map(runs.map((run) => [run.id, work.runs.entries.of(run.id)]));
  for (const run of runs) checkRun(run, told.get(run.id) ?? [], work.approvals.ofRun(run.id));
  checkInputs(world, person);
  checkApprovals(world);
  checkEffects(world, runs, told);
  checkDues(world);
}

/** When nothing is left to do. */
export function checkEnd(world: World, person: Person): void {
  checkAll(world, person);
  const without = world.life.raw
    .prepare<{ id: number; state: string }>(`SELECT id, state FROM run WHERE id NOT IN (SELECT run FROM entry WHERE type = 'ended')`)
    .all();
  for (const { id, state } of without) require(false, `run ${id} is ${state} without an outcome`);
  const defects = world.life.raw.prepare<{ id: number; fault: string }>(`SELECT id, fault FROM run WHERE fault ->> '$.code' = 'app.defect'`).all();
  for (const { id, fault } of defects) require(false, `run ${id} met a defect of ours: ${fault}`);
}

function checkRun(run: Run, entries: readonly Entry[], approvals: readonly Approval[]): void {
  const [difference] = differences(run, entries);
  require(difference === undefined, difference ?? '');
  const [replayed] = replay(run, entries, approvals).differences;
  require(replayed === undefined, `nacre run replay ${run.id} finds ${JSON.stringify(replayed)}`);
  if (run.kind !== 'task' || run.state !== 'done') return;
  const lastReply = entries.findLastIndex(({ body }) => body.type === 'reply');
  require(entries
    .slice(lastReply)
    .some(({ body }) => body.type === 'checked' && body.ok && body.evidence.length > 0), `run ${run.id} is done without evidence`);
}

/** What was acknowledged is there exactly once; what was not, once at most. */
function checkInputs({ life }: World, { posted, handed }: Person): void {
  const messages = life.raw
    .prepare<{ text: string; n: number }>(`SELECT body ->> '$.text' AS text, count(*) AS n FROM entry WHERE type = 'message' GROUP BY 1`)
    .all();
  const said = new Map(messages.map(({ text, n }) => [text, n]));
  const tasks = new Map(
    life.raw
      .prepare<{ goal: string; n: number }>('SELECT goal, count(*) AS n FROM task GROUP BY goal')
      .all()
      .map(({ goal, n }) => [goal, n]),
  );
  for (const { text, acknowledged, again } of posted) requireOnce(said.get(text) ?? 0, text, acknowledged, again);
  for (const { goal, schedule, acknowledged, again } of handed) {
    requireOnce(tasks.get(goal) ?? 0, goal, acknowledged, again);
    // A run now and a run for `until-done` begin with the task.
    if (schedule === 'now' || schedule === 'until-done') require(!acknowledged || (said.get(goal) ?? 0) >= 1, `${goal} was accepted and never begun`);
  }
}

function requireOnce(times: number, name: string, acknowledged: boolean, again: boolean): void {
  require(!acknowledged || times >= 1, `${name} was accepted and is lost`);
  require(again || times <= 1, `${name} was accepted ${times} times`);
}

function checkApprovals({ life }: World): void {
  const rows = life.raw
    .prepare<{ id: number; state: string; answers: number; open: number }>(
      `SELECT a.id, a.state, (SELECT count(*) FROM entry e WHERE e.run = a.run AND e.type = 'answered' AND e.body ->> '$.approval' = a.id) AS answers,
        r.ended_at IS NULL AS open FROM approval a JOIN run r ON r.id = a.run`,
    )
    .all();
  for (const { id, state, answers, open } of rows) {
    const given = state === 'allowed' || state === 'denied';
    require(answers === Number(given), `question ${id} is ${state} and has ${answers} answers in the journal`);
    require(state !== 'open' || open === 1, `question ${id} is open and its run has ended`);
  }
}

function textOf({ run, at, type, body }: EntryRow): string {
  return `${run} ${at} ${type} ${body}`;
}
