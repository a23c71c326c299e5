// Notices when files and folders that tasks wait for have changed and come to rest: told by the system where it tells, else by looking.
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
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

/** In milliseconds: how long a path must look the same, and how often is looked where the system tells nothing. */
export type Pace = { readonly settleMs: number; readonly pollMs: number };

const usualPace: Pace = { settleMs: 2000, pollMs: 30_000 };
const patienceMs = 2000;

export function createChanges(parts: ChangesParts, { settleMs, pollMs }: Pace = usualPace) {
  const unsettled = new Map<TaskId, { readonly look: Look; readonly since: number }>();
  /** A look at a disk that does not answer must not hold up the others. */
  const underWay = new Map<TaskId, Promise<void>>();
  const alarm = createAlarm(() => look());
  const ears = createEars(() => alarm.within(settleMs / 4));
  const state = { isStarted: false, isStopped: false, isClosed: false };

  const look = (): void => {
    if (state.isStopped) return;
    const watched = parts.watched();
    for (const one of watched) {
      if (underWay.has(one.task)) continue;
      const looking = examine(one)
        .catch((error: unknown) => parts.onTrouble(error, one.task))
        .finally(() => underWay.delete(one.task));
      underWay.set(one.task, looking);
    }
    if (!state.isStarted) return;
    ears.listenTo(watched);
    // Also where nothing waits: a task may be resumed, or its conversation brought back.
    alarm.within(pollMs);
  };

  const examine = async ({ task, path }: Watched): Promise<void> => {
    const found = await lookAt(path);
    // What is known now, which may be more than when the look began.
    const known = parts.watched().find((one) => one.task === task)?.known ?? null;
    if (state.isClosed) return;
    if (known !== null && isSame(found, known)) return void unsettled.delete(task);
    const before = unsettled.get(task);
    const isNew = before === undefined || !isSame(before.look, found);
    if (isNew) unsettled.set(task, { look: found, since: performance.now() });
    const isAtRest = known === null || (!isNew && performance.now() - before.since >= settleMs);
    if (!isAtRest) return alarm.within(settleMs);
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
      alarm.clear();
      ears.close();
      await Promise.race([Promise.all(underWay.values()), new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
      state.isClosed = true;
    },
  };
}

function isSame(one: Look, other: Look): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** One timer, for the soonest of what it is asked for. */
function createAlarm(ring: () => void): { within(ms: number): void; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  let at = Number.POSITIVE_INFINITY;
  const clear = (): void => {
    clearTimeout(timer);
    at = Number.POSITIVE_INFINITY;
  };
  return {
    within: (ms) => {
      if (performance.now() + ms >= at) return;
      clear();
      at = performance.now() + ms;
      timer = setTimeout(() => {
        clear();
        ring();
      }, ms);
      timer.unref();
    },
    clear,
  };
}

/** Hears of changes from the system, as far as it tells: of a folder, what is in it; of a file, or of what is not there, its folder. */
function createEars(onSound: () => void): { listenTo(watched: readonly Watched[]): void; close(): void } {
  const open = new Map<string, FSWatcher>();
  const shut = (key: string): void => {
    open.get(key)?.close();
    open.delete(key);
  };
  const listen = (key: string, path: string, isFolder: boolean): void => {
    try {
      // On Linux the whole tree would be walked to listen to it; there, what is deeper is found by looking.
      const recursive = isFolder && process.platform !== 'linux';
      const ear = watch(isFolder ? path : dirname(path), { persistent: false, recursive }, (_, name) => {
        if (isFolder || name === null || name === basename(path)) onSound();
      });
      ear.on('error', () => shut(key));
      open.set(key, ear);
    } catch {
      // No such folder, or too many are listened to already: then looking must do.
      open.delete(key);
    }
  };
  return {
    listenTo: (watched) => {
      const wanted = new Map(watched.map(({ path, known }) => [`${known?.type === 'seen' ? known.print.slice(0, 4) : '-'} ${path}`, path]));
      for (const key of open.keys()) if (!wanted.has(key)) shut(key);
      for (const [key, path] of wanted) if (!open.has(key)) listen(key, path, key.startsWith('fold'));
    },
    close: () => {
      for (const key of [...open.keys()]) shut(key);
    },
  };
}
