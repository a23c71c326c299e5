// What is kept with a task of the file or folder it waits for, and what follows when that looks different. Pure.
import { type Fault, fault } from '../../contract/fault.ts';
import type { Schedule } from '../../contract/schedule.ts';
import { type Look, mostWatched } from './look.ts';

export type Kept = {
  readonly path: string;
  /** How it looked when it was last there and readable; null where it was not there. */
  readonly print: string | null;
  /** `gone`, or why it can't be read; null where all is well, or where it has never been there. */
  readonly trouble: string | null;
  /** When a change last began a run; 0 for never. */
  readonly firedAt: number;
  /** How many runs in a row were begun by a change that came during the run before, or right after it. */
  readonly chain: number;
};

export type Noticed = {
  readonly kept: Kept;
  /** When the task is due because of it; null where it is not. */
  readonly due: number | null;
  /** Why nothing runs although something happened; null where nothing is to be recorded. */
  readonly skipped: 'gone' | 'unreadable' | 'paused' | null;
};

const minute = 60_000;
const longestPause = 60 * minute;

/** Null where nothing was kept yet, or where it is of another path than the schedule has now. */
export function readKept(text: string | null, path: string): Kept | null {
  const kept = text === null ? null : (JSON.parse(text) as Kept);
  return kept?.path === path ? kept : null;
}

export function lookOf({ print, trouble }: Kept): Look {
  if (trouble !== null && trouble !== 'gone') return { type: 'unreadable', reason: trouble };
  return print === null ? { type: 'gone' } : { type: 'seen', print };
}

/**
 * `kept` is null at the first look, which only says how it is. `isEcho` says that the task's own run is under way or has just ended: its own doing
 * may be what changed. That is not lost either, but each time it happens the pause doubles, so that a task that changes what it waits for does not spin.
 */
export function notice(
  path: string,
  kept: Kept | null,
  look: Look,
  at: { readonly now: number; readonly isEcho: boolean; readonly isPaused: boolean },
): Noticed {
  const print = look.type === 'seen' ? look.print : look.type === 'gone' ? null : (kept?.print ?? null);
  const base: Kept = { path, firedAt: 0, chain: 0, ...kept, print, trouble: troubleIn(look, kept) };
  const calm: Noticed = { kept: base, due: null, skipped: null };
  if (kept === null) return calm;
  if (look.type !== 'seen') return { ...calm, skipped: base.trouble === null || base.trouble === kept.trouble ? null : look.type };
  if (print === kept.print) return calm;
  if (at.isPaused) return { ...calm, skipped: 'paused' };
  const chain = at.isEcho ? kept.chain + 1 : 0;
  const pause = Math.min(minute * 2 ** Math.min(chain, 10), longestPause);
  // After a clock that was ahead, the time of the last run says nothing.
  const rested = kept.firedAt > at.now ? 0 : kept.firedAt + (kept.firedAt === 0 ? 0 : pause);
  return { kept: { ...base, chain }, due: Math.max(at.now, rested), skipped: null };
}

/** What the person should know of what the task waits for; null where all is well. */
export function troubleOf(schedule: Schedule, text: string | null): Fault | null {
  if (schedule.type === 'after') return text === null ? null : fault('task.awaited-gone', { id: schedule.task });
  if (schedule.type !== 'after-change') return null;
  const { path } = schedule;
  const trouble = readKept(text, path)?.trouble ?? null;
  if (trouble === null) return null;
  if (trouble === 'gone' || trouble === 'too-many') return fault(`task.path-${trouble}`, { path, limit: mostWatched });
  return fault('task.path-unreadable', { path, reason: trouble });
}

function troubleIn(look: Look, kept: Kept | null): string | null {
  if (look.type === 'seen') return null;
  if (look.type === 'unreadable') return look.reason;
  return kept !== null && (kept.print !== null || kept.trouble === 'gone') ? 'gone' : null;
}
