// Where no check can be run, a model judges in a fresh context whether the goal was reached: it sees the goal, the calls and the answer, not the way there.
import type { Evidence } from '../contract/acceptance.ts';
import type { Entry } from '../contract/entry.ts';
import { type Fault, fault } from '../contract/fault.ts';
import type { ModelMessage } from '../models/model.ts';
import { setAside, standStill } from './bounds/guard.ts';
import { endedCalls } from './progress.ts';
import { messageText } from './prompt.ts';
import type { Surroundings } from './seam.ts';

const judgePrompt = `You check work that somebody else did. Compare the goal with what was really done; what the worker says of it is no proof. Be strict: a part left out, a failed call that matters, or a claim without a call behind it means that it is not done.
Answer with DONE or NOT DONE on the first line, then one or two sentences why.`;
const question = 'Was the goal reached? Begin your answer with DONE or NOT DONE.';

/** Characters of calls and results shown to the judge at most: the newest. */
const mostShown = 6_000;
const tries = 2;
/** Tokens of its answer. */
const mostWritten = 300;

/** Asks the run's own model, at most twice. A fault where its answer can't be had or read; null where the signal aborted, or the run now stands still. */
export async function judge(around: Surroundings, entries: readonly Entry[]): Promise<Evidence | Fault | null> {
  const messages: readonly ModelMessage[] = [{ role: 'user', text: `${caseOf(entries)}\n\n${question}` }];
  for (let attempt = 0; attempt < tries; attempt++) {
    const counts = await around.model.countTokens([judgePrompt, ...messages.map(({ text }) => text)]);
    const prompt = counts.reduce((sum, tokens) => sum + tokens, 32);
    const share = setAside(around, prompt, mostWritten, false);
    if (share.type === 'spent') return standStill(around, 'budget', share.fault);
    const answer = await ask(around, messages, share.maxTokens ?? mostWritten);
    if (typeof answer !== 'string') return answer;
    const verdict = readVerdict(answer);
    const detail = answer.replace(/^\W*(not[\s_-]+(yet[\s_-]+)?)?done\b\W*/i, '').trim();
    if (verdict !== null) return { check: { type: 'judgement' }, ok: verdict, detail: detail.slice(0, 1_000) };
  }
  return fault('task.not-judged');
}

/** True for done, false for not done, null where the first words say neither. */
function readVerdict(answer: string): boolean | null {
  const said = answer.trim().slice(0, 200).toLowerCase();
  if (/\bnot[\s_-]+(yet[\s_-]+)?done\b|^\W*(no|not)\b|未完成|没有完成/.test(said)) return false;
  return /\bdone\b|已完成|^完成/.test(said) ? true : null;
}

/** Null where the signal aborted. */
async function ask(around: Surroundings, messages: readonly ModelMessage[], maxTokens: number): Promise<string | Fault | null> {
  const { model, lane, sequence, place } = around;
  const request = { sequence: `${sequence} judged`, lane, system: judgePrompt, tools: [], messages, purpose: 'judgement' as const, maxTokens };
  for await (const event of model.generate(request, place.signal)) {
    if (event.type === 'end') {
      around.settle(event.usage.read + event.usage.written);
      return event.text;
    }
    if (event.type === 'fault') return event.fault;
  }
  return place.signal.aborted ? null : fault('model.cut-off', { host: model.profile.name }, { retry: true });
}

function caseOf(entries: readonly Entry[]): string {
  const said = entries.flatMap(({ at, body }) => (body.type === 'message' ? [messageText(body.text, at, body.folder)] : []));
  const answer = entries.findLast(({ body }) => body.type === 'reply')?.body;
  const lines = endedCalls(entries).map(
    ({ call, outcome }) => `${call.tool} ${call.arguments.slice(0, 300)} → ${outcome.status}: ${outcome.output.slice(0, 300)}`,
  );
  const done = lines.join('\n');
  const shown = done.length > mostShown ? `[earlier calls left out]\n${done.slice(-mostShown)}`.toWellFormed() : done;
  return `GOAL\n${said.join('\n')}\n\nCALLS AND THEIR RESULTS\n${shown === '' ? 'none' : shown}\n\nTHE WORKER'S ANSWER\n${answer?.type === 'reply' ? answer.text : ''}`;
}
