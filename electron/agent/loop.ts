// The loop: ask the model, run the calls it asks for, repeat, within limits. What to do next always follows from what has been recorded.
import type { EntryBody, ToolCall } from '../contract/entry.ts';
import { type Fault, fault } from '../contract/fault.ts';
import type { EntryId } from '../contract/id.ts';
import type { Usage } from '../contract/run.ts';
import type { ModelEvent, ModelRequest } from '../models/model.ts';
import { setAside, standStill, troubleOf, warn } from './bounds/guard.ts';
import { performCall, settleInterrupted, shownCall } from './call.ts';
import { type Next, nextStep } from './progress.ts';
import { type LoopEnd, put, type Surroundings, take } from './seam.ts';
import { verify } from './verify.ts';
import { type Compaction, createCompaction } from './view/compaction.ts';

/** A reply of the model, why there is none, or how far it had come when the signal aborted. */
type Asked =
  | { readonly type: 'end'; readonly end: Extract<ModelEvent, { type: 'end' }> }
  | { readonly type: 'fault'; readonly fault: Fault /** Whether part of a reply had come. */; readonly heard: boolean }
  | { readonly type: 'aborted'; readonly text: string };

/** The reason with which a person's stop aborts the signal; closing Nacre aborts it without. */
export const stoppedByPerson = 'stopped by the person';

/** How often one step is sent again after a fault that says it may then succeed. */
const retriesPerStep = 1;
/** A task whose engine dies so often at one step stands still. */
const mostEngineDeaths = 3;

/** Runs until the run is finished, must wait, fails, or is aborted. Throws only for defects and where another claim took the run over. */
export async function runLoop(around: Surroundings): Promise<LoopEnd> {
  const compaction = createCompaction(around);
  try {
    return await goThrough(around, compaction);
  } finally {
    compaction.stop();
  }
}

async function goThrough(around: Surroundings, compaction: Compaction): Promise<LoopEnd> {
  const { progress, place } = around;
  for (let paused = false; ; ) {
    if (place.signal.aborted) return { type: 'aborted' };
    take(
      around,
      around.takeMessages().filter(({ id }) => id > progress.heard),
    );
    const next = nextStep(progress, around.now(), around.acceptance !== null);
    // Between the rounds of a task there is time; after a turn the person waits, and after a task nothing follows.
    if (!paused && (next.type === 'rest' || (next.type === 'finish' && around.acceptance === null))) {
      await compaction.pause(next.type === 'rest');
      // The person may have said something meanwhile: look again.
      paused = true;
      continue;
    }
    paused = false;
    const end = await goOn(around, compaction, next);
    if (end !== null) return end;
  }
}

/** The next thing is done; how the loop ends by it, or null where it goes on. */
async function goOn(around: Surroundings, compaction: Compaction, next: Next): Promise<LoopEnd | null> {
  if (next.type === 'finish') return { type: 'done' };
  if (next.type === 'wait') return { type: 'waiting', for: next.for };
  if (next.type === 'rest') return { type: 'waiting', for: 'time', wakeAt: next.until };
  if (next.type === 'give-up') return { type: 'failed', fault: next.fault };
  if (next.type === 'skip') skip(around, next.calls);
  else if (next.type === 'settle') await settleInterrupted(around, next.call);
  else if (next.type === 'call') await performCall(around, next.call);
  else {
    const hindered = next.type === 'verify' ? around.obstacle() : troubleOf(around);
    const going = (): Promise<Fault | null> =>
      next.type === 'verify' && around.acceptance !== null ? verify(around, around.acceptance) : takeStep(around, compaction);
    const trouble = hindered === null ? await going() : standStill(around, 'trouble', hindered);
    if (trouble !== null) return trouble.code === 'task.not-judged' ? { type: 'unknown', fault: trouble } : { type: 'failed', fault: trouble };
  }
  return null;
}

async function takeStep(around: Surroundings, compaction: Compaction): Promise<Fault | null> {
  warn(around);
  const shown = await compaction.present();
  if (!shown.ok) return shown.fault;
  const { seen } = shown;
  for (let attempt = 0; ; attempt++) {
    const share = setAside(around, around.room.prefix + shown.tokens, around.room.reply, true);
    if (share.type === 'spent') return standStill(around, 'budget', share.fault);
    const asked = await askModel(around, shown.request, share.maxTokens);
    if (asked.type === 'aborted') return keepPartial(around, seen, asked.text);
    if (asked.type === 'end') {
      const { text, thought, calls } = asked.end;
      const usage = rounded(asked.end.usage);
      put(around, { type: 'reply', seen, text, ...(thought === '' ? {} : { thought }), calls: named(calls, around.progress.steps + 1), usage });
      around.emit({ type: 'step.ended', text, usage });
      if (calls.length > 0) compaction.begin();
      return null;
    }
    // What was heard was paid for; where nothing came, what was set aside is free again.
    if (!asked.heard && share.tokens !== null) around.settle(0);
    if (asked.fault.code === 'model.engine-died' && around.acceptance !== null) {
      if (note(around, asked.fault).engineDeaths >= mostEngineDeaths) return standStill(around, 'trouble', diesAt(around));
    } else if (asked.fault.retry !== true || attempt >= retriesPerStep || !repeatsAtOnce.has(asked.fault.code)) return asked.fault;
    else note(around, asked.fault);
  }
}

function note(around: Surroundings, trouble: Fault): Surroundings['progress'] {
  around.emit({ type: 'text.withdrawn' });
  put(around, { type: 'notice', fault: trouble });
  around.emit({ type: 'run.noticed', fault: trouble });
  return around.progress;
}

function diesAt({ progress, model }: Surroundings): Fault {
  return fault('run.engine-dies', { times: progress.engineDeaths, step: progress.steps + 1, model: model.profile.name }, { retry: true });
}

/** Tenths of a millisecond are enough, and the journal keeps one of these for every step. */
function rounded(usage: Usage): Usage {
  return { ...usage, prefillMs: Math.round(usage.prefillMs * 10) / 10, decodeMs: Math.round(usage.decodeMs * 10) / 10 };
}

/** Our own names for calls: unique in the run, whatever the model calls them. */
function named(calls: readonly ToolCall[], step: number): ToolCall[] {
  return calls.map((call, index) => ({ ...call, id: `c${step}_${index + 1}` }));
}

/** Faults after which the same step is sent again at once; the others were already retried by the model's own adapter. */
const repeatsAtOnce: ReadonlySet<string> = new Set(['model.engine-died', 'model.cut-off']);

async function askModel(around: Surroundings, shown: Pick<ModelRequest, 'system' | 'tools' | 'messages'>, maxTokens: number | undefined): Promise<Asked> {
  const { model, lane, sequence, place, emit } = around;
  const request = { sequence, lane, ...shown, ...(maxTokens === undefined ? {} : { maxTokens }) };
  let text = '';
  let phase = '';
  let heard = false;
  for await (const event of model.generate(request, place.signal)) {
    if (place.signal.aborted) break;
    if (event.type === 'end') return { type: 'end', end: event };
    if (event.type === 'fault') return { type: 'fault', fault: event.fault, heard };
    if (event.type === 'phase') {
      phase = event.phase.type;
      emit({ type: 'run.phase', phase: event.phase });
      continue;
    }
    heard = true;
    if (event.type === 'text') {
      if (phase !== 'writing') emit({ type: 'run.phase', phase: { type: 'writing' } });
      phase = 'writing';
      text += event.delta;
    }
    emit({ type: `${event.type}.added` as const, delta: event.delta });
  }
  return place.signal.aborted
    ? { type: 'aborted', text }
    : { type: 'fault', fault: fault('model.cut-off', { host: model.profile.name }, { retry: true }), heard };
}

/** What was said before the person stopped it stays. Where Nacre is closing, the step is taken again instead. */
function keepPartial(around: Surroundings, seen: EntryId, text: string): null {
  if (around.place.signal.reason !== stoppedByPerson || text.trim() === '') return null;
  const { id, where } = around.model.profile;
  put(around, { type: 'reply', seen, text, calls: [], usage: { model: id, where, read: 0, reused: 0, written: 0, prefillMs: 0, decodeMs: 0 } });
  return null;
}

/** Calls not started when the person said something more: paired with a result, so that the transcript stays whole. */
function skip(around: Surroundings, calls: readonly ToolCall[]): void {
  put(
    around,
    ...calls.map((call): EntryBody => ({ type: 'outcome', call: call.id, status: 'skipped', output: 'Not run: the person said something more first.' })),
  );
  for (const call of calls) around.emit({ type: 'call.changed', call: shownCall(around, call, 'skipped') });
}
