// When a task is due: read from the options of `nacre task add`, said in words, and what became of each time.
import type { MissedPolicy, Schedule } from '../../contract/schedule.ts';
import type { Task } from '../../contract/task.ts';
import { parseMissed, parseSchedule } from '../../schedule/parse.ts';
import { localZone } from '../../schedule/time/zone.ts';
import { exitCode, usageError } from '../exit.ts';
import type { Session } from '../session.ts';
import { fill } from '../texts.ts';

export type When = {
  readonly at?: string;
  readonly every?: string;
  readonly cron?: string;
  readonly zone?: string;
  readonly after?: string;
  readonly missed?: string;
};

/** Throws a FaultError whose sentence says what can't be understood. */
export function readWhen({ missed, ...input }: When): { schedule: Schedule; missed?: MissedPolicy } {
  const schedule = parseSchedule(input, { now: Date.now(), zone: localZone(), folder: process.cwd() });
  if (!schedule.ok) throw usageError(schedule.reason);
  if (missed === undefined) return { schedule: schedule.value };
  const policy = parseMissed(missed);
  if (!policy.ok) throw usageError(policy.reason);
  return { schedule: schedule.value, missed: policy.value };
}

export function sayScheduled({ texts }: Session, task: Task): string {
  const next = task.next.map(time).join(', ');
  return fill(texts.taskScheduled, { id: task.id, words: texts.language === 'zh' ? task.words.zh : task.words.en, next: next === '' ? '–' : next });
}

export async function showHistory({ client, terminal, texts }: Session, id: number): Promise<number> {
  const { firings } = await client.request('task.history', { task: id });
  for (const firing of firings) {
    terminal.line({ type: 'firing', firing });
    const until = firing.until === firing.due ? '' : ` – ${time(firing.until)}`;
    const times = firing.count === 1 ? '' : ` ×${firing.count ?? '…'}`;
    const run = firing.run === null ? '' : `r${firing.run}`;
    terminal.answer(`${time(firing.due)}${until}${times}\t${firing.outcome}\t${firing.why}\t${run}\n`);
  }
  if (firings.length === 0) terminal.note(texts.none);
  return exitCode.done;
}

/** In the person's own zone, as `2026-11-22 09:00`. */
function time(at: number): string {
  const zoned = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return zoned.toISOString().slice(0, 16).replace('T', ' ');
}
