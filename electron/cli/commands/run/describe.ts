// Each entry of a run in one line or a few: when, what, how long it took, its tokens, and what went in or came out.
import type { Entry, EntryBody, EntryOf, ToolCall } from '../../../contract/entry.ts';
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
    const words = [tool, took, ...(summaries[body.type] as (one: EntryBody) => readonly string[])(body)].filter((word) => word !== '').join('  ');
    return `${new Date(at).toISOString()}  ${body.type.padEnd(8)}  ${words.replaceAll('\n', '\n    ')}`;
  });
}

function sayMs(from: number | undefined, to: number): string {
  return from === undefined ? '' : `${to - from} ms`;
}

const summaries: { readonly [T in EntryBody['type']]: (body: EntryOf<T>) => readonly string[] } = {
  message: ({ text }) => [text],
  reply: ({ usage, text, calls }) => [sayUsage(usage), text, ...calls.map((call) => `→ ${call.tool} ${call.arguments}`)],
  started: ({ attempt, model }) => [`attempt ${attempt}, ${model}`],
  outcome: ({ status, output }) => [`${status}: ${output}`],
  intent: ({ call, effect }) => [`${call} (${effect})`],
  asked: ({ approval }) => [`a${approval}`],
  answered: ({ approval, answer, said }) => [`a${approval}: ${answer}`, said ?? ''],
  parked: ({ approval, about, fault }) => [`a${approval} (${about}): ${fault.message}`],
  waiting: (body) => [body.for],
  notice: ({ fault }) => [fault.message],
  told: ({ about, text }) => [`(${about})`, text],
  planned: ({ plan }) => [planLines(plan).join('\n')],
  checked: ({ evidence }) => [evidence.map(evidenceLine).join('\n')],
  resting: ({ until, why }) => [`until ${new Date(until).toISOString()} (${why})`],
  changed: ({ files, complete }) => [
    [...files.map(({ path, change }) => `${change} ${path}`), ...(complete ? [] : ['not compared: too many files'])].join('\n'),
  ],
  compacted: (body) => [JSON.stringify(body)],
  recalled: ({ text }) => [text],
  ended: ({ outcome, fault }) => [outcome, fault?.message ?? ''],
};

function sayUsage({ read, reused, written, prefillMs, decodeMs }: Usage): string {
  return `${Math.round(prefillMs + decodeMs)} ms, ${read} read, ${reused} reused, ${written} written`;
}
