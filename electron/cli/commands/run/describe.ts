// Each entry of a run in one line or a few: when, what, how long it took, its tokens, and what went in or came out.
import type { Entry, EntryBody, ToolCall } from '../../../contract/entry.ts';
import type { Usage } from '../../../contract/run.ts';
import { evidenceLine, planLines } from '../task/details.ts';

export function describeEntries(entries: readonly Entry[]): string[] {
  const calls = new Map<string, ToolCall>();
  const since = new Map<string, number>();
  return entries.map(({ at, body }) => {
    if (body.type === 'reply') for (const call of body.calls) calls.set(call.id, call);
    if (body.type === 'intent') since.set(body.call, at);
    const took = body.type === 'outcome' ? sayMs(since.get(body.call), at) : '';
    const tool = 'call' in body ? (calls.get(body.call)?.tool ?? '') : '';
    const words = [tool, took, ...summary(body)].filter((word) => word !== '').join('  ');
    return `${new Date(at).toISOString()}  ${body.type.padEnd(8)}  ${words.replaceAll('\n', '\n    ')}`;
  });
}

function sayMs(from: number | undefined, to: number): string {
  return from === undefined ? '' : `${to - from} ms`;
}

function summary(body: EntryBody): readonly string[] {
  switch (body.type) {
    case 'message':
      return [body.text];
    case 'reply':
      return [sayUsage(body.usage), body.text, ...body.calls.map((call) => `→ ${call.tool} ${call.arguments}`)];
    case 'started':
      return [`attempt ${body.attempt}, ${body.model}`];
    case 'outcome':
      return [`${body.status}: ${body.output}`];
    case 'intent':
      return [`${body.call} (${body.effect})`];
    case 'asked':
      return [`a${body.approval}`];
    case 'answered':
      return [`a${body.approval}: ${body.answer}`, body.said ?? ''];
    case 'parked':
      return [`a${body.approval} (${body.about}): ${body.fault.message}`];
    case 'waiting':
      return [body.for];
    case 'notice':
      return [body.fault.message];
    case 'told':
      return [`(${body.about})`, body.text];
    case 'planned':
      return [planLines(body.plan).join('\n')];
    case 'checked':
      return [body.evidence.map(evidenceLine).join('\n')];
    case 'resting':
      return [`until ${new Date(body.until).toISOString()} (${body.why})`];
    case 'changed':
      return [[...body.files.map(({ path, change }) => `${change} ${path}`), ...(body.complete ? [] : ['not compared: too many files'])].join('\n')];
    case 'ended':
      return [body.outcome, body.fault?.message ?? ''];
    default:
      return [JSON.stringify(body)];
  }
}

function sayUsage({ read, reused, written, prefillMs, decodeMs }: Usage): string {
  return `${Math.round(prefillMs + decodeMs)} ms, ${read} read, ${reused} reused, ${written} written`;
}
