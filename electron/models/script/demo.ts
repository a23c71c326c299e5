// The built-in demo: not a language model and says so. It lets a person try the window, an approval and a background task before choosing a model.
import type { Profile } from '../../contract/model.ts';
import { estimateTokens } from '../estimate.ts';
import type { Model, ModelEvent, ModelMessage, ModelRequest } from '../model.ts';
import texts from './demo.json' with { type: 'json' };
import type { ScriptLine } from './script.ts';
import { speak } from './speak.ts';

type Texts = typeof texts.en;

const profile: Profile = { id: 'scripted:demo', name: 'Demo', where: 'scripted', contextTokens: 32_768, tier: 'standard' };

/** `delayMs` between the pieces of an answer, so that streaming can be seen. */
export function createDemoModel(delayMs: number): Model {
  async function* generate(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const line = request.purpose === undefined ? answer(request) : { text: request.purpose === 'judgement' ? 'DONE. A demo has nothing to check.' : '' };
    yield* speak({ profile, line, delayMs, id: (call) => `demo_${request.messages.length}_${call}` }, request, signal);
  }
  return { profile, generate, countTokens: async (texts) => texts.map(estimateTokens), prefill: async () => undefined, close: async () => undefined };
}

function answer(request: ModelRequest): ScriptLine {
  const { goal, words } = wordsOf(request.messages.findLast((message) => message.role === 'user')?.text ?? '');
  const said = /\p{Script=Han}/u.test(words) ? texts.zh : texts.en;
  const last = request.messages.at(-1);
  if (last?.role === 'tool') return { text: afterCall(said, last) };
  const show = /show|table|code|math|markdown|展示|演示|表格|代码|公式|看看/i.test(words) ? said.show : said.hello;
  return callFor(words, said, request, goal) ?? { text: goal ? said.inTask : show };
}

/** What the person wrote, without the preface of a task and the note of time and folder that the assistant puts around it. */
function wordsOf(text: string): { readonly goal: boolean; readonly words: string } {
  const preface = /^Background task\.[^\n]*\nGoal: /.exec(text)?.[0] ?? '';
  return { goal: preface !== '', words: text.slice(preface.length).replace(/\n\[[^\n]*\]$/, '') };
}

/** A task starts no further task. */
function callFor(words: string, said: Texts, request: ModelRequest, goal: boolean): ScriptLine | null {
  const has = (tool: string): boolean => request.tools.some(({ name }) => name === tool);
  if (!goal && has('start_task') && /background|task|后台|任务/i.test(words))
    return { text: said.beforeTask, calls: [{ tool: 'start_task', arguments: taskArguments(request, said.goal) }] };
  if (has('write_file') && /write|file|写|文件/i.test(words))
    return { text: said.beforeFile, calls: [{ tool: 'write_file', arguments: { path: 'hello.txt', content: said.file } }] };
  return null;
}

/** The demo knows that `start_task` wants a text with the goal, but leaves it to the tool how that is named. */
function taskArguments(request: ModelRequest, goal: string): Record<string, unknown> {
  const parameters = request.tools.find(({ name }) => name === 'start_task')?.parameters;
  const required = Array.isArray(parameters?.required) ? parameters.required.filter((name) => typeof name === 'string') : [];
  return Object.fromEntries((required.length === 0 ? ['goal'] : required).map((name) => [name, goal]));
}

function afterCall(said: Texts, result: ModelMessage): string {
  return said.afterCall.replace('{{result}}', result.text.trim().slice(0, 400).replaceAll('\n', '\n> '));
}
