// Which runs may work now: chat before those that a person has just answered before the rest, as many as their model can hold, and how one makes room.
import type { RunId } from '../contract/id.ts';
import type { Lane, Rest } from '../contract/run.ts';
import type { Model, ModelRequest } from '../models/model.ts';
import type { Run, RunStore } from './store.ts';

/** A model, and how many runs beside chat it can hold at once. */
export type Room = { readonly model: string; readonly runs: number };

/** The reason with which a run's signal aborts where it goes back to the queue between two steps. */
export const steppedAside = 'stepped aside between two steps';

export type Admitted = { readonly run: Run; readonly model: string | null; readonly since: number; readonly abort: AbortController };

export type Admission = ReturnType<typeof createAdmission>;

type Parts = {
  readonly runs: Pick<RunStore, 'queued'>;
  roomFor(run: Run): Room | null;
  resting(): Rest | null;
  now(): number;
};

/** Turns of one conversation never overlap: a message joins the open turn instead. */
const mostChats = 4;
const laneOrder: readonly Lane[] = ['chat', 'waiting', 'background'];
/** After this long at work a run lets another one have the model. What it has to read again then costs little beside. Milliseconds. */
const sliceMs = 10 * 60_000;
/** So many of the queue are looked at for their model; the others come when these have ended. */
const mostLooked = 500;

export function createAdmission({ runs, roomFor, resting, now }: Parts, active: ReadonlyMap<RunId, Admitted>) {
  /** When a run last made room: the others go first. */
  const madeRoom = new Map<RunId, number>();

  /** Of the queued runs those that may begin now. */
  const next = (queued: readonly Run[]): Run[] => {
    const waiting = queued.filter(({ id }) => !active.has(id));
    const chats = [...active.values()].filter(({ run }) => run.lane === 'chat').length;
    const chosen = waiting.filter(({ lane }) => lane === 'chat').slice(0, Math.max(0, mostChats - chats));
    if (resting() !== null) return chosen;
    const rank = ({ lane }: Run): number => laneOrder.indexOf(lane);
    const others = waiting.filter(({ lane }) => lane !== 'chat').slice(0, mostLooked);
    others.sort((one, other) => rank(one) - rank(other) || (madeRoom.get(one.id) ?? 0) - (madeRoom.get(other.id) ?? 0) || one.id - other.id);
    const held = new Map<string | null, number>();
    for (const { run, model } of active.values()) if (run.lane !== 'chat') held.set(model, (held.get(model) ?? 0) + 1);
    const tasks = new Set([...active.values()].flatMap(({ run }) => run.task ?? []));
    for (const run of others) {
      // Firings of one task work on the same things, so one after another.
      if (run.task !== null && tasks.has(run.task)) continue;
      // Without a model it begins too, and ends with the reason.
      const room = roomFor(run) ?? { model: null, runs: 1 };
      const used = held.get(room.model) ?? 0;
      if (used >= room.runs) continue;
      held.set(room.model, used + 1);
      if (run.task !== null) tasks.add(run.task);
      chosen.push(run);
    }
    return chosen;
  };

  const mustMakeRoom = ({ run, model, since }: Admitted): boolean => {
    if (resting() !== null) return true;
    const isLong = now() - since > sliceMs;
    const queued = runs.queued().filter(({ id, lane }) => lane !== 'chat' && !active.has(id));
    return queued.some((other) => ((other.lane === 'waiting' && run.lane === 'background') || isLong) && roomFor(other)?.model === model);
  };

  return {
    next,
    /** The same model, except that its run goes back to the queue, before the next step is asked for, where it must make room. */
    steppingAside: (model: Model, one: Admitted): Model => {
      if (one.run.lane === 'chat') return model;
      const generate = (request: ModelRequest, signal: AbortSignal): ReturnType<Model['generate']> => {
        if (!mustMakeRoom(one)) return model.generate(request, signal);
        madeRoom.set(one.run.id, now());
        one.abort.abort(steppedAside);
        return nothing();
      };
      return Object.create(model, { generate: { value: generate } });
    },
  };
}

async function* nothing(): ReturnType<Model['generate']> {
  yield* [];
}
