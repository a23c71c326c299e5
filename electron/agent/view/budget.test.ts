// For any history the view keeps to its budget and shows the person's rules and promises word for word, and a restart shows the same.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry, EntryBody } from '../../contract/entry.ts';
import { type Context, createContext, type View } from '../context.ts';
import { perCall, perMessage, textOf } from './block.ts';

const countOne = (text: string): number => Math.ceil(text.length / 4);
const count = async (texts: readonly string[]): Promise<number[]> => texts.map(countOne);
const usage = { model: 'm', where: 'scripted', read: 1, reused: 0, written: 1, prefillMs: 0, decodeMs: 0 } as const;
const begin = Date.UTC(2026, 10, 21, 12);

/** What a request takes, counted anew from what would be sent. */
function sizeOf({ messages }: View): number {
  return messages.reduce((sum, one) => sum + countOne(textOf(one)) + perMessage + (one.role === 'assistant' ? one.calls.length * perCall : 0), 0);
}

const size = fc.oneof({ weight: 24, arbitrary: fc.nat(400) }, { weight: 12, arbitrary: fc.nat(6_000) }, { weight: 1, arbitrary: fc.nat(200_000) });
const event = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('step' as const),
      text: fc.nat(300),
      calls: fc.array(fc.record({ given: size, output: size }), { maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('said' as const), size, early: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('plan' as const), rule: fc.nat(12), steps: fc.nat(6), owed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom({ type: 'told' as const }, { type: 'turn' as const }, { type: 'note' as const }, { type: 'burst' as const }) },
);
type Happening = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** Plays a history through a live view, compacting as the loop does, and keeps what was recorded. */
function player(context: Context, kind: 'turn' | 'task') {
  const recorded: Entry[] = [];
  const rules: string[] = [];
  const owed: string[] = [];
  let [id, run, calls, seen] = [0, 1, 0, 0];
  const add = (body: EntryBody): void => {
    id += 1;
    recorded.push({ id, run, at: begin + id * 600_000, body });
    context.add(recorded.at(-1) as Entry, kind);
  };
  const say = (length: number): void => add({ type: 'message', text: `words ${'w'.repeat(length)}` });
  const step = (text: number, wanted: readonly { given: number; output: number }[], tool: string): void => {
    const asked = wanted.map(({ given }) => ({
      id: `c${++calls}`,
      tool,
      arguments: JSON.stringify({ path: `f${calls % 7}.txt`, content: 'a'.repeat(given) }),
    }));
    add({ type: 'reply', seen, text: 't'.repeat(text), calls: asked, usage });
    for (const [index, { output }] of wanted.entries()) add({ type: 'outcome', call: asked[index]?.id ?? '', status: 'done', output: 'o'.repeat(output) });
  };
  const happen = async (one: Happening): Promise<void> => {
    if (one.type === 'step') step(one.text, one.calls, 'write_file');
    else if (one.type === 'said') say(one.size);
    else if (one.type === 'told') add({ type: 'told', about: 'check', text: 'not done yet' });
    else if (one.type === 'note') context.note('[Task 1 (x) ended: done. ok]', id);
    else if (one.type === 'burst') for (let n = 0; n < 15; n++) step(20, [{ given: 10, output: 300 }], 'read_file');
    else if (one.type === 'turn') {
      add({ type: 'ended', outcome: 'done', fault: null });
      [run, rules.length, owed.length] = [run + 1, 0, 0];
      say(10);
    } else {
      rules.push(`rule ${rules.length}: ${'never '.repeat(one.rule)}`);
      if (one.owed) owed.push(`promise ${owed.length}`);
      const plan = {
        steps: Array.from({ length: one.steps }, (_, n) => ({ text: `step ${n}`, state: 'todo' as const })),
        constraints: [...rules],
        obligations: owed.map((text) => ({ text, open: true })),
        checks: [],
      };
      const { tokens, most } = await context.measurePlan(plan);
      if (tokens > most) rules.pop();
      step(5, [{ given: 200, output: 20 }], 'update_plan');
      if (tokens <= most) add({ type: 'planned', plan });
      else if (one.owed) owed.pop();
    }
  };
  const look = async (): Promise<View> => {
    let view = await context.view();
    for (; view.room === 'full'; view = await context.view()) {
      const body = await context.compact('');
      if (body === null) throw new Error('full, and nothing to compact');
      add(body);
    }
    seen = view.seen;
    return view;
  };
  say(30);
  return { happen, look, recorded, must: () => [...rules.map((rule) => `- ${rule}`), ...owed] };
}

test('10,000 random histories, in windows from 2k to 128k', async () => {
  let compacted = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 11, max: 17 }), fc.array(event, { maxLength: 11 }), fc.boolean(), async (power, happenings, task) => {
      // What is left of a window beside a prompt of 1,200 tokens and a reply.
      const budget = Math.floor(2 ** power * 0.75) - 1_200;
      const kind = task ? 'task' : 'turn';
      const live = player(createContext(budget, count), kind);
      for (const one of happenings) {
        await live.happen(one);
        const view = await live.look();
        const all = view.messages.map(({ text }) => text).join('\n');
        if (sizeOf(view) > budget || view.room === 'stuck') throw new Error(`${sizeOf(view)} tokens in ${budget}: ${view.room}`);
        for (const words of live.must()) if (!all.includes(words)) throw new Error(`lost: ${words}`);
      }
      compacted += live.recorded.filter(({ body }) => body.type === 'compacted').length;
    }),
    { numRuns: 10_000 },
  );
  expect(compacted).toBeGreaterThan(5_000);
}, 60_000);
