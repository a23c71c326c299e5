// Every due time of a task has exactly one record. The due times are found by plain arithmetic here, not by the product's own way.
import type { Schedule } from '../../../electron/contract/schedule.ts';
import type { World } from '../world/life.ts';
import { require } from './require.ts';

type TaskRow = { readonly id: number; readonly schedule: string; readonly state: string; readonly next: number | null; readonly createdAt: number };
type Record = { readonly due: number; readonly until: number; readonly count: number | null; readonly outcome: string; readonly why: string };

const hour = 3_600_000;

export function checkDues({ life }: World): void {
  const tasks = life.raw.prepare<TaskRow>('SELECT id, schedule, state, next_due AS next, created_at AS createdAt FROM task').all();
  for (const task of tasks) {
    const records = life.raw.prepare<Record>('SELECT due, until, count, outcome, why FROM firing WHERE task = ?').all(task.id);
    checkTask(task, JSON.parse(task.schedule) as Schedule, records);
    const byHand = records.length - records.filter(({ why }) => why !== 'by-hand').length;
    const runs = life.raw.prepare<{ n: number }>('SELECT count(*) AS n FROM run WHERE task = ?').get(task.id)?.n ?? 0;
    const ran = records.filter(({ outcome, why }) => outcome === 'ran' && why !== 'by-hand').length;
    const atOnce = /"type":"(now|until-done)"/.test(task.schedule) ? 1 : 0;
    require(runs === ran + byHand + atOnce, `task ${task.id} has ${runs} runs and ${ran + byHand} records of them`);
  }
}

function checkTask(task: TaskRow, schedule: Schedule, records: readonly Record[]): void {
  const followed = records.some(({ why }) => why === '');
  require(schedule.type !== 'after' || task.state !== 'over' || followed, `task ${task.id} waits for another, is over, and never followed it`);
  const end = task.state === 'removed' ? -1 : (task.next ?? (schedule.type === 'at' ? schedule.at + 1 : -1));
  // What ran ahead of a clock that was set back keeps its record; everything before the next due time has one.
  const last = Math.max(end - 1, ...records.filter(({ why }) => why !== 'by-hand').map(({ until }) => until));
  for (const due of duesOf(schedule, task.createdAt, last)) {
    const covering = records.filter((record) => record.due <= due && due <= record.until);
    require(covering.length <= 1, `task ${task.id}: the due time ${due} has ${covering.length} records`);
    require(due >= end || covering.length === 1, `task ${task.id}: the due time ${due} has passed (next is ${task.next}) and has no record`);
  }
  for (const { due, until, count, why } of records) {
    const covered = schedule.type === 'after' ? 1 : duesOf(schedule, due - 1, until).length;
    if (why === 'by-hand') continue;
    require(count === null || count === covered, `task ${task.id}: a record from ${due} to ${until} counts ${count} due times and covers ${covered}`);
  }
}

/** In (from, to]. */
function duesOf(schedule: Schedule, from: number, to: number): number[] {
  if (schedule.type === 'at') return schedule.at > from && schedule.at <= to ? [schedule.at] : [];
  if (schedule.type !== 'every' && schedule.type !== 'cron') return [];
  const [base, step] = schedule.type === 'every' ? [schedule.from, schedule.ms] : [0, hour];
  const first = Math.max(schedule.type === 'every' ? 1 : 0, Math.floor((from - base) / step) + 1);
  const dues: number[] = [];
  for (let due = base + first * step; due <= to; due += step) dues.push(due);
  return dues;
}
