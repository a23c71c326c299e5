// Two hundred things planted in long runs, compacted five times and more: each is still in the view, or one recall away.
import { expect, test } from 'vitest';
import type { Entry, EntryBody } from '../../contract/entry.ts';
import type { CallPlace } from '../../tools/tool.ts';
import { createContext } from '../context.ts';
import { recallStep } from './recall.ts';

const count = async (texts: readonly string[]): Promise<number[]> => texts.map((text) => Math.ceil(text.length / 4));
const usage = { model: 'm', where: 'scripted', read: 1, reused: 0, written: 1, prefillMs: 0, decodeMs: 0 } as const;
const place: CallPlace = { folder: null, scratch: '/tmp', signal: new AbortController().signal };
const names = ['Okafor', 'Lindqvist', 'Marchetti', 'Haddad', 'Novak', '王小明', 'Petrenko', 'Silva', "O'Brien", 'Tanaka'];
const things = ['invoice', 'lease', 'warranty', 'delivery', 'appointment'];

type Probe = { readonly kind: 'recall' | 'decision' | 'continuation' | 'artifact'; readonly planted: string; readonly find: string; readonly answer: string };

/** Fifty things in each run, of which the words of the question stand in many others, too. */
function probesOf(run: number): Probe[] {
  return names.flatMap((name, n) =>
    things.map((thing, t): Probe => {
      const code = `${String.fromCharCode(65 + n)}${run}-${1000 + n * 37 + t * 311}`;
      const kind = (['recall', 'decision', 'continuation', 'artifact', 'recall'] as const)[t] ?? 'recall';
      if (kind === 'decision')
        return {
          kind,
          planted: `I decided to file the ${thing} of ${name} under ${code}, because the old folder is full.`,
          find: `decided ${thing} ${name}`,
          answer: code,
        };
      if (kind === 'continuation')
        return { kind, planted: `Next I have to check the ${thing} of ${name} against ${code}.`, find: `next check ${thing} ${name}`, answer: code };
      if (kind === 'artifact') return { kind, planted: `out/${run}/${thing}-${code}.md`, find: `${thing}-${code}`, answer: `out/${run}/${thing}-${code}.md` };
      return {
        kind,
        planted: `Record ${code}: the ${thing} of ${name} is due. ${'Nothing else of note here. '.repeat(12)}`,
        find: `${thing} ${name}`,
        answer: code,
      };
    }),
  );
}

async function play(run: number, probes: readonly Probe[]) {
  const context = createContext(1_200, count);
  const entries: Entry[] = [];
  const add = (body: EntryBody): void => {
    entries.push({ id: entries.length + 1, run, at: Date.UTC(2026, 10, 21) + entries.length, body });
    context.add(entries.at(-1) as Entry, 'task');
  };
  add({ type: 'message', text: 'Sort all papers.' });
  for (const [index, { kind, planted }] of probes.entries()) {
    const said = kind === 'decision' || kind === 'continuation';
    const path = kind === 'artifact' ? planted : `in/paper-${index % 5}.txt`;
    const calls = [{ id: `c${index}`, tool: kind === 'artifact' ? 'write_file' : 'read_file', arguments: JSON.stringify({ path }) }];
    add({ type: 'reply', seen: 1, text: said ? planted : 'I look at the papers of Okafor and Novak.', calls, usage });
    add({ type: 'outcome', call: `c${index}`, status: 'done', output: kind === 'recall' ? planted : `Written: ${'words of the papers '.repeat(20)}` });
    for (let view = await context.view(); view.room === 'full'; view = await context.view()) add((await context.compact('')) as EntryBody);
  }
  for (let n = 0; n < 20 || entries.filter(({ body }) => body.type === 'compacted').length < 5; n++) {
    add({
      type: 'reply',
      seen: 1,
      text: `Filler ${n} about the lease of nobody.`,
      calls: [{ id: `f${n}`, tool: 'read_file', arguments: '{"path":"in/f"}' }],
      usage,
    });
    add({ type: 'outcome', call: `f${n}`, status: 'done', output: 'filler '.repeat(200) });
    for (let view = await context.view(); view.room === 'full'; view = await context.view()) add((await context.compact('')) as EntryBody);
  }
  return { entries, shown: (await context.view()).messages.map(({ text }) => text).join('\n') };
}

test('of 200 probes all artifacts and at least 95 % of the prose are found, the answer never being in the question', async () => {
  const found = { artifact: 0, prose: 0, inView: 0 };
  const lost: string[] = [];
  for (let run = 1; run <= 4; run++) {
    const probes = probesOf(run);
    const { entries, shown } = await play(run, probes);
    expect(entries.filter(({ body }) => body.type === 'compacted').length).toBeGreaterThanOrEqual(5);
    const tool = recallStep(() => entries, 4_000);
    for (const { kind, find, answer } of probes) {
      const inView = shown.includes(answer);
      const output = inView ? '' : (await tool.run({ find }, place)).output;
      if (inView) found.inView += 1;
      if (!inView && !output.includes(answer)) lost.push(`${kind}: ${find} → ${output.slice(0, 300)}`);
      else found[kind === 'artifact' ? 'artifact' : 'prose'] += 1;
    }
  }
  expect({ ...found, lost }).toMatchObject({ artifact: 40, lost: [] });
  expect(found.prose).toBeGreaterThanOrEqual(152);
  // Most must really have been compacted away, else nothing is shown by this.
  expect(found.inView).toBeLessThan(100);
});
