// Notices when files and folders that tasks wait for have changed and come to rest, by looking: the quicker a look, the more often.
import type { TaskId } from '../../contract/id.ts';
import { type Look, lookAt } from './look.ts';

/** One that waits, and how its path looked when that was last recorded; null before the first look. */
export type Watched = { readonly task: TaskId; readonly path: string; readonly known: Look | null };

export type ChangesParts = {
  /** Asked at every look, so it must be quick. */
  watched(): readonly Watched[];
  /** The first look, or one that differs from what is known and has been the same for a while. Records it before it returns. */
  onLook(task: TaskId, look: Look): void;
  onTrouble(error: unknown, task: TaskId): void;
};

export type Changes = ReturnType<typeof createChanges>;

/** In milliseconds: how long a path must look the same, and how soon and how late is looked again. */
export type Pace = { readonly settleMs: number; readonly leastMs: number; readonly mostMs: number };

const usualPace: Pace = { settleMs: 2000, leastMs: 1500, mostMs: 30_000 };
/** Looking may take one part in so many of the time. */
const share = 50;
const patienceMs = 2000;

export function createChanges(parts: ChangesParts, { settleMs, leastMs, mostMs }: Pace = usualPace) {
  const unsettled = new Map<TaskId, { readonly look: Look; readonly since: number }>();
  /** A look at a disk that does not answer must not hold up the others. */
  const underWay = new Map<TaskId, Promise<void>>();
  /** How long the looks took since the last round. */
  let tookMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const state = { isStarted: false, isStopped: false, isClosed: false };

  const look = (): void => {
    clearTimeout(timer);
    if (state.isStopped) return;
    const watched = parts.watched();
    for (const one of watched) {
      if (underWay.has(one.task)) continue;
      const looking = examine(one)
        .catch((error: unknown) => parts.onTrouble(error, one.task))
        .finally(() => underWay.delete(one.task));
      underWay.set(one.task, looking);
    }
    // Also where nothing waits: a task may be resumed, or its conversation brought back.
    const pauseMs = watched.length === 0 ? mostMs : Math.min(mostMs, Math.max(leastMs, tookMs * share));
    tookMs = 0;
    if (state.isStarted) timer = setTimeout(look, pauseMs).unref();
  };

  const examine = async ({ task, path }: Watched): Promise<void> => {
    const begun = performance.now();
    const found = await lookAt(path);
    // What is known now, which may be more than when the look began.
    const known = parts.watched().find((one) => one.task === task)?.known ?? null;
    tookMs += performance.now() - begun;
    if (state.isClosed) return;
    if (known !== null && isSame(found, known)) return void unsettled.delete(task);
    const before = unsettled.get(task);
    const isNew = before === undefined || !isSame(before.look, found);
    if (isNew) unsettled.set(task, { look: found, since: performance.now() });
    const isAtRest = known === null || (!isNew && performance.now() - before.since >= settleMs);
    if (!isAtRest) return;
    unsettled.delete(task);
    parts.onLook(task, found);
  };

  return {
    /** Looks now; keeps looking once `start` was called. */
    look,
    start: (): void => {
      state.isStarted = true;
      look();
    },
    /** Resolves when the looks under way have ended, or after two seconds. May be called twice. */
    stop: async (): Promise<void> => {
      state.isStopped = true;
      clearTimeout(timer);
      await Promise.race([Promise.all(underWay.values()), new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
      state.isClosed = true;
    },
  };
}

function isSame(one: Look, other: Look): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
