// The Starter, our own tiny model: it writes one short call or one of its sentences. Code checks that, makes it a call of Nacre's tools, and says what came of it, so that nothing is made up.
import { fill } from '../../contract/tell.ts';
import type { Model, ModelEvent, ModelMessage, ModelRequest } from '../model.ts';
import { meantBy, reminderMark, type Short, type ShortName, shortTools } from './calls.ts';
import { isGrounded } from './guards.ts';
import { convert, reckon } from './reckon.ts';
import texts from './sayings.json' with { type: 'json' };
import { addUp } from './table.ts';

export type StarterParts = {
  now(): number;
  /** The instant that words such as "tomorrow at nine" mean, or null where nobody could say. Milliseconds. */
  instantOf(words: string, now: number): number | null;
};

type Heard = {
  readonly request: string;
  /** What was said before, where it was. */
  readonly before: { readonly request: string; readonly answer: string } | null;
  /** What its last call gave, where one was made for this request. */
  readonly results: readonly string[];
  readonly language: 'en' | 'zh';
};
type End = Extract<ModelEvent, { type: 'end' }>;

/** The name in the file by which the Starter is known. */
export const starterName = 'Nacre Starter';

/** Characters of a request: it was trained on short ones, and longer ones are not for it. */
const longestRequest = 300;
const longestAnswer = 120;
/** How messages begin that Nacre itself puts in. */
const note = /^\[(?:Nacre|Remembered;|Task \d)/;
const mostShown = 1500;
const mostWritten = 160;
/** Below this it asks back instead of acting: sooner where the person sees the call before it happens. */
const leastConfidence = { shown: 0.6, unshown: 0.9 };
/** Those that the person confirms. */
export const shownTools: ReadonlySet<string | undefined> = new Set(['schedule_task', 'change_task', 'run_command']);

/** Around the same file as any local model; closing it closes that. */
export function createStarter(model: Model, parts: StarterParts): Model {
  return {
    get profile() {
      return { ...model.profile, tier: 'starter' as const };
    },
    generate: (request, signal) => generate(model, parts, request, signal),
    countTokens: model.countTokens,
    prefill: async () => undefined,
    close: model.close,
  };
}

async function* generate(model: Model, parts: StarterParts, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const heard = hear(request.messages);
  const fixed = request.purpose === undefined ? withoutModel(heard) : request.purpose === 'judgement' ? judge(request.messages) : '';
  const usage = { model: model.profile.id, where: 'local' as const, read: 0, reused: 0, written: 0, prefillMs: 0, decodeMs: 0 };
  if (fixed !== null) return yield* said({ type: 'end', text: fixed, thought: '', calls: [], stop: 'end', usage });
  const { before, language } = heard;
  const now: ModelMessage = { role: 'user', text: heard.request };
  const whole: ModelMessage[] = before === null ? [] : [{ role: 'user', text: before.request }, { role: 'assistant', text: before.answer, calls: [] }, now];
  // What makes no sense after what was said before may be a new beginning.
  for (const messages of before === null ? [[now]] : [whole, [now]])
    for await (const event of model.generate({ ...request, system: '', tools: shortTools, messages, maxTokens: mostWritten, temperature: 0 }, signal)) {
      if (event.type === 'end' && messages === whole && event.text === texts[language].beyond) break;
      if (event.type === 'end') return yield* said(decide(event, heard, request, parts));
      if (event.type !== 'text') yield event;
    }
}

function* said(end: End): Generator<ModelEvent> {
  if (end.text !== '') yield { type: 'text', delta: end.text };
  yield end;
}

/** The last thing that was asked, without the notes that Nacre puts around it. */
function hear(messages: readonly ModelMessage[]): Heard {
  const own = messages.flatMap((message, at) => (message.role === 'user' && !note.test(message.text) ? [at] : []));
  const [last = -1, earlier = -1] = [own.at(-1), own.at(-2)];
  const request = wordsOf(messages[last]);
  const answers = messages.slice(earlier + 1, last).flatMap((message) => (message.role === 'assistant' ? [message] : []));
  const text = answers.at(-1)?.text ?? '';
  const answer = answers.some(({ calls }) => calls.length > 0) || text === '' || text.length > longestAnswer ? 'ok' : text;
  const earlierWords = wordsOf(messages[earlier]);
  return {
    request,
    before: earlier < 0 || earlierWords.length > longestRequest ? null : { request: earlierWords, answer },
    results: messages.slice(last + 1).flatMap((message) => (message.role === 'tool' ? [message.text.replace(/\n\[\d{4}-\d\d-\d\d [^\n]*\]$/, '')] : [])),
    language: /\p{Script=Han}/u.test(request) ? 'zh' : 'en',
  };
}

function wordsOf(message: ModelMessage | undefined): string {
  return (message?.text ?? '').replace(/^Background task\.[^\n]*\nGoal: |\n\[[^\n]*\]$/g, '').trim();
}

/** What needs no model: a reminder that is due, and what is too long or empty. */
function withoutModel({ request, language }: Heard): string | null {
  if (Object.values(reminderMark).some((mark) => request.startsWith(mark))) return request;
  return request === '' || request.length > longestRequest ? texts[language].beyond : null;
}

/** A strict reading of what the judge is shown: done unless a call failed. */
function judge(messages: readonly ModelMessage[]): string {
  const failed = /→ (failed|denied|unknown|skipped): ?(.{0,200})/.exec(messages.at(-1)?.text ?? '');
  return failed === null ? 'DONE. No call failed.' : `NOT DONE. A call ${failed[1]}: ${failed[2]}`;
}

function decide(end: End, heard: Heard, request: ModelRequest, parts: StarterParts): End {
  const say = texts[heard.language];
  const answer = (text: string): End => ({ ...end, text, calls: [], stop: 'end' });
  const [call] = end.calls;
  if (call === undefined) return heard.results.length === 0 ? end : answer(say.done);
  const short: Short = { name: call.tool as ShortName, values: JSON.parse(call.arguments) as Record<string, string> };
  if (heard.results.length > 0) return answer(report(short, heard));
  const now = parts.now();
  const meant = meantBy(short, heard.language, new Date(now));
  const least = leastConfidence[shownTools.has(meant?.tool) ? 'shown' : 'unshown'];
  if ((end.confidence ?? 1) < least || !isGrounded(short, heard.request, heard.before?.request ?? '')) return answer(say.which);
  const when = short.values['when'];
  const instant = when === undefined ? null : parts.instantOf(when, now);
  if (when !== undefined && instant === null) return answer(say.when);
  const known = reckoned(short, heard, instant, now);
  if (known !== null) return answer(known);
  if (meant === null || !request.tools.some(({ name }) => name === meant.tool)) return answer(say.beyond);
  return { ...end, text: '', calls: [{ ...call, tool: meant.tool, arguments: JSON.stringify(meant.arguments) }], stop: 'calls' };
}

function reckoned({ name, values }: Short, { language }: Heard, instant: number | null, now: number): string | null {
  const say = texts[language];
  const tag = language === 'zh' ? 'zh-CN' : 'en-GB';
  switch (name) {
    case 'time':
      return fill(say.time, { value: new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }).format(now) });
    case 'date':
      return `${new Intl.DateTimeFormat(tag, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(instant ?? now)}.`;
    case 'calc':
    case 'convert': {
      const { sum = values['amount'] ?? '', to } = values;
      const value = to === undefined ? reckon(sum) : convert(sum, to);
      return value === null ? say.beyond : fill(say.equals, { sum, value: to === undefined ? value : `${value} ${to}` });
    }
    default:
      return null;
  }
}

/** What came of it, in words and figures copied from the result. */
function report({ name, values }: Short, { results, language }: Heard): string {
  const say = texts[language];
  const result = results.join('\n');
  const failed = /^\[(denied|failed|skipped|unknown)\] ?/.exec(result);
  if (failed !== null) return failed[1] === 'denied' ? say.denied : result.slice(failed[0].length);
  if (name === 'total' || name === 'count') {
    const { path = '', column = '' } = values;
    const found = addUp(result, name === 'total' ? column : null);
    if (found.type === 'long') return fill(say.long, { path });
    if (found.type === 'no-column') return fill(say.column, { path, column, columns: found.columns.join(', ') });
    return fill(name === 'total' ? say.total : say.count, { path, column, value: found.sum, count: found.rows });
  }
  const shown = result.length > mostShown ? `${result.slice(0, mostShown).toWellFormed()} […]` : result;
  const looks = ['read', 'list', 'find', 'recall', 'tasks'].includes(name);
  return shown.trim() === '' ? say.done : looks ? shown : `${say.done} ${shown}`;
}
