// What was typed of a task, read as a whole: on the command line, in the form of the window, and before the person confirms it.
import type { Reply } from '../contract/fault.ts';
import type { ReadTask, TypedTask } from '../contract/task.ts';
import { parseChecks } from '../tools/checks/grammar.ts';
import { parseGrant } from '../tools/grants.ts';
import { parseMissed, parseSchedule } from './parse.ts';
import { dueBetween } from './recurrence.ts';
import { localZone } from './time/zone.ts';
import { sayInWords } from './words.ts';

const shownTimes = 3;

/** The first thing that can't be read is refused. `at` in the local zone unless another is given. */
export function readTyped({ missed = 'once', checks, grants, folder, ...when }: TypedTask, now: number): Reply<ReadTask> {
  const zone = localZone();
  const schedule = parseSchedule(when, { now, zone, folder: folder ?? null });
  if (!schedule.ok) return schedule;
  const policy = parseMissed(missed);
  if (!policy.ok) return policy;
  const wanted = parseChecks(checks);
  if (!wanted.ok) return wanted;
  const granted = grants.map(parseGrant);
  const unread = granted.find((grant) => !grant.ok);
  if (unread?.ok === false) return unread;
  const speech = { zone, now };
  return {
    ok: true,
    value: {
      schedule: schedule.value,
      missed: policy.value,
      checks: wanted.value,
      grants: granted.flatMap((grant) => (grant.ok ? [grant.value] : [])),
      words: { en: sayInWords(schedule.value, { ...speech, language: 'en' }), zh: sayInWords(schedule.value, { ...speech, language: 'zh' }) },
      next: dueBetween(schedule.value, now, Number.MAX_SAFE_INTEGER, shownTimes),
    },
  };
}
