// `nacre memory …` as a shell meets it: real processes on a real data folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

const entry = join(import.meta.dirname, '..', 'cli.ts');
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nacre-cli-memory-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Result = { readonly code: number | null; readonly out: string; readonly err: string };

async function nacre(...args: string[]): Promise<Result> {
  const child = spawn(process.execPath, [entry, '--data', join(root, 'data'), 'memory', ...args], {
    env: { ...process.env, LC_ALL: 'en_GB.UTF-8' },
    cwd: root,
  });
  const read = async (stream: NodeJS.ReadableStream): Promise<string> => {
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return text;
  };
  const [out, err, [code]] = await Promise.all([read(child.stdout), read(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

const linesOf = ({ out }: Result): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

function write(name: string, lines: readonly unknown[]): void {
  writeFileSync(join(root, name), lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
}

const talk = [
  { id: 'D1:1', at: '1:56 pm on 8 May, 2023', author: 'Ana', text: 'I bought a kayak last week.' },
  { id: 'D1:2', at: '1:56 pm on 8 May, 2023', author: 'Ben', text: 'What colour is it?' },
  { id: 'D1:3', at: '1:56 pm on 8 May, 2023', author: 'Ana', text: 'Bright orange!' },
];

test('lines are imported under their ids, and searched for by tokens or by number', async () => {
  write('talk.jsonl', talk);
  expect(await nacre('import', 'talk.jsonl', '--as', 'ana')).toEqual({ code: 0, out: '', err: '3 lines were imported; 0 were not, or not whole.\n' });
  const whole = await nacre('search', 'What colour is the kayak of Ana?', '--tokens', '200', '--as', 'ana', '--json');
  expect(linesOf(whole)).toEqual([
    {
      type: 'memory.hit',
      source: ['D1:1', 'D1:2', 'D1:3'],
      kind: 'turn',
      text: '2023-05-08\nAna: I bought a kayak last week.\nBen: What colour is it?\nAna: Bright orange!',
      tokens: 22,
      score: 1,
      why: expect.stringContaining('kayak'),
      at: expect.any(Number),
    },
  ]);
  const one = await nacre('search', 'kayak', '--limit', '1', '--as', 'ana', '--json');
  expect(linesOf(one).map(({ source, text }) => ({ source, text }))).toEqual([{ source: ['D1:1'], text: '2023-05-08 Ana: I bought a kayak last week.' }]);
  expect((await nacre('search', 'kayak', '--limit', '1', '--as', 'ana')).out).toBe(
    '2023-05-08 Ana: I bought a kayak last week.\n  [D1:1] 11 · 1 · says kayak\n\n',
  );
});

test('lines that can not be read are named by number and the others imported; where none can, the command fails', async () => {
  write('half.jsonl', [talk[0], 'oops', talk[0], { id: 'x' }]);
  const half = await nacre('import', 'half.jsonl');
  expect({ code: half.code, err: half.err.replace(/\(.*\)/, '(…)') }).toEqual({
    code: 0,
    err: 'line 2: it is not JSON (…)\nline 3: the id D1:1 is there already\nline 4: it has no "text"\n1 lines were imported; 3 were not, or not whole.\n',
  });
  write('none.jsonl', ['oops']);
  expect((await nacre('import', 'none.jsonl')).code).toBe(2);
  expect(await nacre('import', 'absent.jsonl')).toMatchObject({ code: 2, err: expect.stringContaining('can not be read (ENOENT') });
});

test('what is listed, shown, forgotten and brought back', async () => {
  write('talk.jsonl', talk);
  await nacre('import', 'talk.jsonl', '--as', 'ana');
  expect((await nacre('list', '--limit', '1', '--as', 'ana')).out).toBe('D1:3\tturn\t2023-05-08\tAna\tBright orange!\n');
  expect((await nacre('show', 'D1:2', '--as', 'ana')).out).toBe('D1:2\tturn\t2023-05-08\tBen\tWhat colour is it?\n');
  expect((await nacre('forget', 'D1:1', 'D1:3', '--as', 'ana')).err).toContain('2 items are forgotten');
  expect(await nacre('show', 'D1:1', '--as', 'ana')).toEqual({ code: 2, out: '', err: 'Nothing is remembered under D1:1.\n' });
  expect((await nacre('undo', '--as', 'ana')).err).toBe('Undone: forget, 2 items.\n');
  expect((await nacre('show', 'D1:1', '--as', 'ana')).out).toContain('kayak');
});

test('what is exported as lines can be imported again, and the same comes out', async () => {
  write('talk.jsonl', [...talk, { id: 'long', at: '2023-06-01T10:00:00Z', author: 'Ben', text: 'A long story. '.repeat(500) }]);
  await nacre('import', 'talk.jsonl', '--as', 'ana');
  const first = await nacre('export', '--as', 'ana', '--format', 'jsonl');
  writeFileSync(join(root, 'again.jsonl'), first.out);
  await nacre('import', 'again.jsonl', '--as', 'again');
  expect((await nacre('export', '--as', 'again', '--format', 'jsonl')).out).toBe(first.out);
  expect(first.out.trim().split('\n').length).toBe(4);
  expect((await nacre('export', '--as', 'ana')).out.split('\n').slice(0, 4)).toEqual([
    '## 2023-05-08',
    '',
    '- **Ana** I bought a kayak last week. <!-- D1:1 -->',
    '- **Ben** What colour is it? <!-- D1:2 -->',
  ]);
  expect(readFileSync(join(root, 'again.jsonl'), 'utf8')).toContain('"id":"long"');
});

test.each([
  [['search', 'x', '--as', 'nobody'], 2, 'There is no memory named "nobody"'],
  [['search', ' '], 64, 'Say what to look for.'],
  [['search', 'x', '--tokens', '0'], 64, '"0" is no whole number above 0'],
  [['search', 'x', '--tokens', '5', '--limit', '5'], 64, 'Give --tokens or --limit, not both.'],
  [['undo'], 2, 'There is no change to undo'],
])('memory %j is refused in words', async (args, code, says) => {
  expect(await nacre(...args)).toMatchObject({ code, out: '', err: expect.stringContaining(says) });
});
