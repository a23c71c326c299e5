// One call: prepared, permitted, its intent written, run, its outcome written. After a crash: settled without doing anything twice.
import { hash } from 'node:crypto';
import type { CallState, CallView } from '../contract/conversation.ts';
import type { CallStatus, EntryBody, EntryOf, ToolCall } from '../contract/entry.ts';
import { fault } from '../contract/fault.ts';
import { failpoint } from '../journal/failpoint.ts';
import { type Preview, type Probed, type Tool, ToolRefusal, type ToolResult } from '../tools/tool.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { PendingCall } from './progress.ts';
import { put, type Surroundings, take } from './seam.ts';

type Prepared = { readonly tool: Tool; readonly args: unknown; readonly preview: Preview };

/** Ends with an outcome recorded, or with the call put to the person, or — where the signal aborted before it began — with nothing. */
export async function performCall(around: Surroundings, pending: PendingCall): Promise<void> {
  const { call } = pending;
  const parsed = around.toolbox.parseCall(call);
  if (!parsed.ok) return settle(around, call, { type: 'outcome', call: call.id, status: 'failed', output: parsed.message, malformed: true });
  const prepared = await prepare(around, call, parsed.tool, parsed.args);
  if (prepared === null || around.place.signal.aborted) return;
  const verdict = mayRun(around, pending, prepared);
  if (verdict === 'run') return runCall(around, call, prepared);
  if (verdict === 'ask') return askPerson(around, pending, prepared);
  return settle(around, call, outcome(call, 'denied', verdict.reason));
}

/**
 * A call whose intent stands in the journal without an outcome was interrupted by a crash. What is safe to do again is done again;
 * what can be probed is probed; of the rest it is said that nobody knows.
 */
export async function settleInterrupted(around: Surroundings, pending: PendingCall): Promise<void> {
  const { call, intent } = pending;
  const parsed = around.toolbox.parseCall(call);
  if (!parsed.ok || intent === null) return settleUnknown(around, call);
  const found = await probe(around, parsed.tool, parsed.args, intent);
  if (typeof found === 'object') return settle(around, call, outcome(call, found.ok ? 'done' : 'failed', found.output));
  if (found === 'happened') return settle(around, call, outcome(call, 'done', 'Done. (Nacre was interrupted right after it; the result was checked.)'));
  if (found === 'unknown') return settleUnknown(around, call);
  const prepared = await prepare(around, call, parsed.tool, parsed.args);
  if (prepared !== null) await runCall(around, call, prepared);
}

/** A tool that can tell is asked; of the others, what is safe to do again counts as not done. */
async function probe(around: Surroundings, tool: Tool, args: unknown, intent: EntryOf<'intent'>): Promise<Probed> {
  if (tool.probe === undefined) return tool.effect === 'once' ? 'unknown' : 'did-not-happen';
  try {
    return await tool.probe(args, intent.receipt ?? '', around.place);
  } catch (error) {
    if (error instanceof ToolRefusal) return 'unknown';
    throw error;
  }
}

/** How the call looks to people. */
export function shownCall(
  around: Pick<Surroundings, 'toolbox'>,
  call: ToolCall,
  state: CallState,
  times: Partial<Pick<CallView, 'output' | 'startedAt' | 'endedAt'>> = {},
): CallView {
  return {
    call: call.id,
    tool: call.tool,
    title: titleOf(around.toolbox, call),
    state,
    arguments: call.arguments,
    output: '',
    startedAt: null,
    endedAt: null,
    ...times,
  };
}

/** The call in one line for people. */
export function titleOf(toolbox: Toolbox, call: ToolCall): string {
  const parsed = toolbox.parseCall(call);
  return parsed.ok ? parsed.tool.title(parsed.args) : call.arguments.slice(0, 200);
}

async function prepare(around: Surroundings, call: ToolCall, tool: Tool, args: unknown): Promise<Prepared | null> {
  try {
    return { tool, args, preview: await tool.prepare(args, around.place) };
  } catch (error) {
    settle(around, call, outcome(call, 'failed', reasonOf(error)));
    return null;
  }
}

function mayRun(around: Surroundings, pending: PendingCall, { tool, preview }: Prepared): 'run' | 'ask' | { readonly reason: string } {
  if (pending.answer === 'deny') return { reason: pending.said ?? 'The person said no.' };
  const decision = around.permit(tool, preview);
  if (decision.type === 'allow') return 'run';
  if (decision.type === 'deny') return { reason: decision.reason };
  const agreed = pending.answer !== null && pending.asked !== null;
  // What the person agreed to is exactly what runs: anything that changed since is put to them again.
  return agreed && pending.asked !== null && around.shown(pending.asked) === hashOf(tool, preview) ? 'run' : 'ask';
}

function askPerson(around: Surroundings, pending: PendingCall, { tool, preview }: Prepared): void {
  take(around, [around.ask(pending, preview, hashOf(tool, preview))]);
  around.emit({ type: 'call.changed', call: shownCall(around, pending.call, 'asking') });
}

async function runCall(around: Surroundings, call: ToolCall, { tool, args, preview }: Prepared): Promise<void> {
  const startedAt = around.now();
  const { effect } = tool;
  let receipt: string | undefined;
  if (effect !== 'none') {
    try {
      receipt = await tool.receipt?.(args, around.place);
    } catch (error) {
      return settle(around, call, outcome(call, 'failed', reasonOf(error)));
    }
    put(around, { type: 'intent', call: call.id, effect, ...(receipt === undefined ? {} : { receipt }) });
  }
  around.emit({ type: 'run.phase', phase: { type: 'calling', tool: tool.name, title: preview.title } });
  around.emit({ type: 'call.changed', call: shownCall(around, call, 'running', { startedAt }) });
  failpoint('effect.before');
  const result = await attempt(tool, args, receipt, around);
  failpoint('effect.after');
  const status = result.ok ? 'done' : 'failed';
  const file = result.file === undefined ? {} : { file: result.file };
  settle(around, call, { ...outcome(call, status, result.output), ...file }, startedAt, result.also);
}

async function attempt(tool: Tool, args: unknown, receipt: string | undefined, around: Surroundings): Promise<ToolResult> {
  try {
    const result = await tool.run(args, around.place, receipt);
    return around.place.signal.aborted ? { ...result, ok: false, output: `Stopped by the person; part of it may have happened.\n${result.output}` } : result;
  } catch (error) {
    return { ok: false, output: around.place.signal.aborted ? 'Stopped by the person; part of it may have happened.' : reasonOf(error) };
  }
}

function settleUnknown(around: Surroundings, call: ToolCall): void {
  const unknown = fault('call.unknown', { tool: call.tool, title: titleOf(around.toolbox, call) });
  const said = 'Nacre was interrupted while this ran. It is not known whether it happened. Check before doing it again.';
  settle(around, call, outcome(call, 'unknown', said), null, [{ type: 'notice', fault: unknown }]);
  around.emit({ type: 'run.noticed', fault: unknown });
}

function settle(around: Surroundings, call: ToolCall, body: EntryOf<'outcome'>, startedAt: number | null = null, also: readonly EntryBody[] = []): void {
  put(around, body, ...also);
  around.emit({ type: 'call.changed', call: shownCall(around, call, body.status, { output: body.output, startedAt, endedAt: around.now() }) });
}

function outcome(call: ToolCall, status: CallStatus, output: string): EntryOf<'outcome'> {
  return { type: 'outcome', call: call.id, status, output };
}

function hashOf(tool: Tool, preview: Preview): string {
  return hash('sha256', JSON.stringify([tool.name, preview.title, preview.payload, preview.before, preview.scope, preview.caution?.code]));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
