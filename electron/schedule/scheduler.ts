// The clock of all tasks: one timer that says when a task is due, through sleep, restarts and clocks that are set. Keeps nothing on disk.
import type { TaskId } from '../contract/id.ts';
import { type Clocks, type ClockTrouble, createWatch, isPlausible } from './watch.ts';

/** One due time of one task: together they name an occurrence, which is announced once. */
export type Occurrence = { readonly task: TaskId; readonly due: number };

export type SchedulerParts = Clocks & {
  /** Every task whose due time is `now` or earlier, the earliest first. Asked at every tick, so it must be quick. */
  dueBy(now: number): readonly Occurrence[];
  /** The soonest due time after `now`, or null. */
  nextAfter(now: number): number | null;
  /**
   * Settles the occurrence and moves the task to its next due time before it returns. Where it throws, it is asked again half a minute
   * later; the other tasks go on.
   */
  onDue(occurrence: Occurrence, now: number): void;
  onTrouble(trouble: Trouble): void;
  /** Calls `fire` once after `ms`; returns what cancels it. */
  setTimer(ms: number, fire: () => void): () => void;
};

export type Trouble =
  | ClockTrouble
  | { readonly type: 'failed' /** Null where the store could not even be asked. */; readonly occurrence: Occurrence | null; readonly error: unknown };

export type Scheduler = ReturnType<typeof createScheduler>;

export const longestTickMs = 30_000;
const spread = { perTaskMs: 2_000, mostMs: 300_000 };
const mostRemembered = 20_000;

/** Starts at once: what is overdue is announced during the next moments, spread out so that a restart is no storm. */
export function createScheduler(parts: SchedulerParts) {
  const watch = createWatch(parts, parts.onTrouble);
  const settled = createMemory();
  let overdue = noticeOverdue(parts);
  let cancel: (() => void) | null = null;
  const state = { isLooking: false, isAsked: false, isStopped: false };
  const startsIn = ({ task, due }: Occurrence): number => (due < overdue.before ? overdue.at + delayOf(task, overdue.spreadMs) - parts.elapsed() : 0);
  const look = (isWoken: boolean): void => {
    // The store says `changed` while it settles an occurrence: one look at a time, and another one right after.
    state.isAsked = true;
    if (state.isLooking || state.isStopped) return;
    Object.assign(state, { isLooking: true, isAsked: false });
    cancel?.();
    const { now, movedMs, isLate } = watch.look();
    // What is skipped or merged at a later time may come again when the clock is set back; that nothing runs twice is for the store to hold.
    if (movedMs < 0) settled.forgetAfter(now);
    let waitMs = longestTickMs;
    try {
      // A storm that is still being spread out goes on as it was, so that waking often can't put anything off for ever.
      if ((isWoken || isLate || movedMs !== 0) && parts.elapsed() >= overdue.at + overdue.spreadMs) overdue = noticeOverdue(parts);
      if (isPlausible(now)) waitMs = announceDue(parts, settled, startsIn, now, () => state.isStopped);
    } catch (error) {
      // A clock that stops is the one thing nobody would notice, so it goes on to the next tick whatever happened.
      parts.onTrouble({ type: 'failed', occurrence: null, error });
    }
    state.isLooking = false;
    if (state.isStopped) return;
    const nextMs = state.isAsked ? 0 : waitMs;
    watch.expect(nextMs);
    cancel = parts.setTimer(nextMs, () => look(false));
  };
  look(false);
  return {
    /** A task was added, edited, paused or removed. */
    changed: (): void => look(false),
    /** The computer woke up, or its clock or zone was set. */
    wake: (): void => look(true),
    /** May be called twice. Nothing is announced afterwards. */
    stop: (): void => {
      state.isStopped = true;
      cancel?.();
    },
  };
}

type Overdue = { /** By `elapsed`. */ readonly at: number; readonly before: number; readonly spreadMs: number };
type Memory = ReturnType<typeof createMemory>;

function noticeOverdue(parts: SchedulerParts): Overdue {
  const before = parts.now();
  const count = isPlausible(before) ? parts.dueBy(before - 1).length : 0;
  return { at: parts.elapsed(), before, spreadMs: count < 2 ? 0 : Math.min(count * spread.perTaskMs, spread.mostMs) };
}

/** Announces what may start; returns the milliseconds until the next look. */
function announceDue(parts: SchedulerParts, settled: Memory, startsIn: (occurrence: Occurrence) => number, now: number, isStopped: () => boolean): number {
  let waitMs = longestTickMs;
  for (const occurrence of parts.dueBy(now)) {
    if (isStopped() || settled.isQuiet(occurrence, parts.elapsed())) continue;
    const ahead = startsIn(occurrence);
    if (ahead <= 0) announce(parts, settled, occurrence, now);
    else waitMs = Math.min(waitMs, ahead);
  }
  const next = isStopped() ? null : parts.nextAfter(now);
  return next === null ? waitMs : Math.min(waitMs, Math.max(1, next - now));
}

function announce(parts: SchedulerParts, settled: Memory, occurrence: Occurrence, now: number): void {
  try {
    parts.onDue(occurrence, now);
    settled.quiet(occurrence, Number.POSITIVE_INFINITY);
  } catch (error) {
    settled.quiet(occurrence, parts.elapsed() + longestTickMs);
    parts.onTrouble({ type: 'failed', occurrence, error });
  }
}

/** The same for a task every time, in whole seconds, so that many tasks share a few looks. Knuth's multiplicative hash. */
function delayOf(task: TaskId, spreadMs: number): number {
  const fraction = (Math.imul(task, 2_654_435_761) >>> 0) / 2 ** 32;
  return Math.floor((fraction * spreadMs) / 1000) * 1000;
}

/** Remembers the latest occurrences only; that none runs twice in the life of the data is for the store to hold. */
function createMemory() {
  const quietUntil = new Map<string, number>();
  const idOf = ({ task, due }: Occurrence): string => `${task}@${due}`;
  return {
    isQuiet: (occurrence: Occurrence, elapsed: number): boolean => (quietUntil.get(idOf(occurrence)) ?? 0) > elapsed,
    /** Nothing is announced of it before `elapsed`. */
    quiet: (occurrence: Occurrence, elapsed: number): void => {
      quietUntil.set(idOf(occurrence), elapsed);
      const [oldest] = quietUntil.keys();
      if (quietUntil.size > mostRemembered && oldest !== undefined) quietUntil.delete(oldest);
    },
    forgetAfter: (now: number): void => {
      for (const id of quietUntil.keys()) if (Number(id.split('@')[1]) > now) quietUntil.delete(id);
    },
  };
}
