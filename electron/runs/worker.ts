// Works on runs: claims what is queued, lane by lane, wakes what waited for a time, stops what the person stops, resumes what a crash cut off.
import { stoppedByPerson } from '../agent/loop.ts';
import type { LoopEnd, LoopEvent } from '../agent/seam.ts';
import type { Entry, EntryBody } from '../contract/entry.ts';
import { type Fault, FaultError, faultOf } from '../contract/fault.ts';
import type { RunId } from '../contract/id.ts';
import type { Rest } from '../contract/run.ts';
import type { Log } from '../log.ts';
import type { Model } from '../models/model.ts';
import { type Admission, type Admitted, createAdmission, type Room, steppedAside } from './admission.ts';
import { Fenced } from './bounds/account.ts';
import { parkIfPoisonous } from './bounds/crashed.ts';
import { type Executor, execute } from './execute.ts';
import type { Run } from './store.ts';
import { isEnded } from './transitions.ts';

export type WorkerOptions = Executor & {
  readonly log: Log;
  /** The model for a run; throws a FaultError where there is none. */
  openModel(run: Run): Promise<Model>;
  /** The model that `openModel` would give and how many runs it can hold beside chat; null where there is none. */
  roomFor(run: Run): Room | null;
  /** Why all but chat waits at the moment; null where it need not. */
  resting(): Rest | null;
  /** What happens inside a run, and that its state has changed. */
  onEvent(run: Run, event: LoopEvent): void;
  onChange(run: Run): void;
  /** The run ends well: what begins by it. Inside the commit that ends it, so that nothing that waits for it is lost. */
  follow(run: Run): readonly Run[];
  onBegun(runs: readonly Run[]): void;
  /** Nothing can be recorded at the moment. */
  onTrouble(trouble: Fault): void;
};

export type Worker = ReturnType<typeof createWorker>;

type Active = Admitted & { readonly incoming: Entry[]; stopped: boolean; finished: Promise<void> };

const maxTimerMs = 60_000;
const stallMs = 10_000;
const pausesMs: readonly number[] = [30_000, 60_000, 300_000, 900_000, 3_600_000, 3_600_000, 3_600_000];
const mayPass: ReadonlySet<string> = new Set(['model.busy', 'model.failing', 'model.timed-out', 'model.cut-off', 'network.offline']);

export function createWorker(options: WorkerOptions) {
  const { runs } = options;
  const active = new Map<RunId, Active>();
  const idlers: (() => void)[] = [];
  let started = false;
  let closing = false;
  const admission = createAdmission(options, active);
  const alarm = createAlarm(options, () => pump());
  const stall = createStall(options, active, () => pump());

  const pump = (): void => {
    if (!started || closing || stall.on()) return;
    for (const run of runs.due(options.now())) options.onChange(runs.change(run.id, 'waiting', { to: 'queued' }));
    for (const run of admission.next(runs.queued())) begin(run);
    alarm.set();
    // What is still queued rests: it would have begun.
    if (active.size === 0) for (const resolve of idlers.splice(0)) resolve();
  };

  const begin = (run: Run): void => {
    const model = options.roomFor(run)?.model ?? null;
    const one: Active = { run, model, since: options.now(), abort: new AbortController(), incoming: [], stopped: false, finished: Promise.resolve() };
    active.set(run.id, one);
    one.finished = work(options, one, admission, () => closing)
      .catch(stall.begin)
      .finally(() => {
        active.delete(run.id);
        pump();
      });
  };

  return {
    /** Requeues what a crash cut off, then begins to work. */
    start: (): void => {
      for (const run of runs.inState('running')) resume(options, run);
      started = true;
      pump();
    },
    /** Something was queued. */
    wake: pump,
    /** A recorded message that joined a run. */
    joined: (entry: Entry): void => void active.get(entry.run)?.incoming.push(entry),
    /** Resolves when the run has ended; its processes are gone and its inference is aborted by then. A run that has ended stays as it is. */
    stop: (id: RunId): Promise<Run> => stop(options, active.get(id), id, pump),
    untilIdle: (): Promise<void> => {
      const idle = new Promise<void>((resolve) => idlers.push(resolve));
      pump();
      return idle;
    },
    /** Puts running runs back in the queue at a recorded step. May be called twice. */
    close: async (): Promise<void> => {
      closing = true;
      alarm.clear();
      stall.clear();
      await Promise.all([...active.values()].map(abortWork));
    },
  };
}

/** Rings when the next waiting run is due; does not keep the process alive. */
function createAlarm({ runs, now }: WorkerOptions, ring: () => void): { set(): void; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    set: () => {
      clearTimeout(timer);
      const wake = runs.nextWake();
      if (wake === null) return;
      timer = setTimeout(ring, Math.min(maxTimerMs, Math.max(0, wake - now())));
      timer.unref();
    },
    clear: () => clearTimeout(timer),
  };
}

/** What can't be recorded must not go on: after a failed write nothing begins for a while, then what was cut off is tried again. */
function createStall({ runs, log, onTrouble }: WorkerOptions, active: ReadonlyMap<RunId, Active>, resumed: () => void) {
  let timer: NodeJS.Timeout | undefined;
  const tryAgain = (): void => {
    timer = undefined;
    try {
      for (const { id } of runs.inState('running')) if (!active.has(id)) runs.change(id, 'running', { to: 'queued' });
    } catch (error) {
      begin(error);
    }
    if (timer === undefined) resumed();
  };
  const begin = (error: unknown): void => {
    log.error('worker.stalled', error);
    onTrouble(faultOf(error));
    timer ??= setTimeout(tryAgain, stallMs);
  };
  return { on: () => timer !== undefined, begin, clear: () => clearTimeout(timer) };
}

function abortWork({ abort, finished }: Active): Promise<void> {
  abort.abort();
  return finished;
}

async function stop(options: WorkerOptions, one: Active | undefined, id: RunId, goOn: () => void): Promise<Run> {
  if (one !== undefined) one.stopped = true;
  one?.abort.abort(stoppedByPerson);
  await one?.finished;
  const run = options.runs.get(id);
  return run.endedAt === null ? endStopped(options, id, goOn) : run;
}

function endStopped({ db, runs, approvals, onChange }: WorkerOptions, id: RunId, goOn: () => void): Run {
  const ended = db.commit('run.stop', () => {
    approvals.withdraw(id);
    const { state } = runs.get(id);
    if (isEnded(state)) return runs.get(id);
    return runs.change(id, state, { to: 'stopped' }, { type: 'ended', outcome: 'stopped', fault: null });
  });
  onChange(ended);
  goOn();
  return ended;
}

/** A run that was running when the process died goes on; one that keeps killing the process does not. */
function resume(options: WorkerOptions, run: Run): void {
  const { runs, log, onChange } = options;
  const queued = runs.requeue(run.id);
  log.warn('run.resumed', { run: run.id, crashes: queued.crashes });
  onChange(parkIfPoisonous(options, queued));
}

async function work(options: WorkerOptions, one: Active, admission: Admission, closing: () => boolean): Promise<void> {
  const { runs, log } = options;
  let model: Model;
  try {
    model = await options.openModel(one.run);
  } catch (error) {
    if (!(error instanceof FaultError)) log.error('model.open', error, { run: one.run.id });
    return finish(options, one, { type: 'failed', fault: faultOf(error, 'model') });
  }
  if (runs.get(one.run.id).state !== 'queued' || one.abort.signal.aborted) return;
  const run = runs.claim(one.run.id, model.profile.id);
  options.onChange(run);
  try {
    const claim = {
      run,
      model: admission.steppingAside(model, one),
      signal: one.abort.signal,
      takeMessages: () => one.incoming.splice(0),
      emit: (event: LoopEvent) => options.onEvent(run, event),
    };
    const end = await execute(options, claim);
    const goesOn = closing() || one.abort.signal.reason === steppedAside;
    if (end.type === 'aborted' && goesOn && !one.stopped) options.onChange(goBack(options, run.id));
    else finish(options, one, end);
  } catch (error) {
    if (error instanceof Fenced) return log.warn('run.fenced', { run: run.id });
    // Not the run's failure: it goes on when there is room again.
    if (error instanceof FaultError && error.fault.code === 'app.disk-full') throw error;
    log.error('run.defect', error, { run: run.id });
    finish(options, one, { type: 'failed', fault: faultOf(error, `run ${run.id}`) });
  }
}

/** To the end of the queue of its lane; that a person had just answered it counts for one turn. */
function goBack({ db, runs }: WorkerOptions, id: RunId): Run {
  return db.commit('run.back', () => {
    db.prepare(`UPDATE run SET lane = 'background' WHERE id = ? AND lane = 'waiting'`).run(id);
    return runs.change(id, 'running', { to: 'queued' });
  });
}

/** Records how the loop ended. A run aborted by the person is ended by `stop`. */
function finish(options: WorkerOptions, { run: { id } }: Active, end: LoopEnd): void {
  const { runs, approvals, db } = options;
  if (end.type === 'aborted') {
    if (runs.get(id).state === 'running') endStopped(options, id, () => undefined);
    return;
  }
  const begun: Run[] = [];
  const ended = db.commit('run.end', () => {
    const from = runs.get(id).state;
    if (isEnded(from)) return runs.get(id);
    if (end.type === 'waiting') return park(options, id, end);
    if (end.type === 'done') begun.push(...options.follow(runs.get(id)));
    const wakeAt = end.type === 'failed' ? retryAt(options, id, end.fault) : null;
    if (wakeAt !== null) return runs.change(id, from, { to: 'waiting', for: 'network', wakeAt }, { type: 'waiting', for: 'network' });
    approvals.withdraw(id);
    const trouble: Fault | null = end.type === 'done' ? null : end.fault;
    const entry: EntryBody = { type: 'ended', outcome: end.type, fault: trouble };
    // A run fails before it was ever claimed where there is no model for it.
    return end.type === 'failed' ? runs.change(id, from, { to: 'failed' }, entry, trouble) : runs.change(id, 'running', { to: end.type }, entry, trouble);
  });
  options.onChange(ended);
  options.onBegun(begun);
}

/** The answer may have come between the question and now; then there is nothing to wait for. */
function park({ runs, approvals }: WorkerOptions, id: RunId, end: Extract<LoopEnd, { type: 'waiting' }>): Run {
  if (end.for === 'time') return runs.change(id, 'running', { to: 'waiting', for: 'time', wakeAt: end.wakeAt }, { type: 'waiting', for: 'time' });
  const open = approvals.ofRun(id).some(({ state }) => state === 'open');
  if (!open) return runs.change(id, 'running', { to: 'queued' });
  const why = end.for === 'answer' ? (runs.entries.last(id, 'parked')?.body.fault ?? null) : null;
  return runs.change(id, 'running', { to: 'waiting', for: end.for }, { type: 'waiting', for: end.for }, why);
}

/**
 * When a task whose model could not be reached tries again by itself, in milliseconds since 1970; null where the run must end. A chat turn does not: the
 * person is there and has a button.
 */
function retryAt({ runs, now }: WorkerOptions, id: RunId, trouble: Fault): number | null {
  if (runs.get(id).kind !== 'task' || !(mayPass.has(trouble.code) || trouble.code.startsWith('model.unreachable'))) return null;
  const entries = runs.entries.of(id);
  const lastReply = entries.findLastIndex(({ body }) => body.type === 'reply');
  const tries = entries.slice(lastReply + 1).filter(({ body }) => body.type === 'waiting').length;
  const pause = pausesMs[tries];
  return pause === undefined ? null : now() + pause;
}
