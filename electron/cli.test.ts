// The command `nacre` as a shell meets it: real processes on real data folders, with a scripted model.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// Each story starts several processes, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const entry = join(import.meta.dirname, 'cli.ts');
const slow = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ');
const script = {
  lines: [
    { when: 'hello', lines: [{ text: 'Hello there.' }] },
    { when: 'emoji', lines: [{ text: '你好 👩‍👩‍👧 שלום' }] },
    {
      when: 'write',
      lines: [{ text: 'I will write.', calls: [{ tool: 'write_file', arguments: { path: 'a.txt', content: 'A\n' } }] }, { text: 'All settled.' }],
    },
    { when: 'command', lines: [{ calls: [{ tool: 'run_command', arguments: { command: 'sleep 0.3; echo ran >> ran.txt' } }] }, { text: 'It ran.' }] },
    { when: 'slow', lines: [{ text: slow, delayMs: 25 }] },
    { when: 'unreachable', lines: [{ fault: { code: 'model.unreachable', values: { host: 'example.org', reason: 'refused' } } }] },
  ],
};

let root: string;
let data: string;
let folder: string;
const running = new Set<ChildProcess>();
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-cli-')));
  data = join(root, 'data');
  folder = join(root, 'folder');
  mkdirSync(folder);
  writeFileSync(join(root, 'script.json'), JSON.stringify(script));
});
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(root, { recursive: true, force: true });
});

type Line = { readonly type: string; readonly [field: string]: unknown };
type Result = { readonly code: number | null; readonly out: string; readonly err: string };

function launch(args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [entry, '--data', data, ...args], {
    env: { ...process.env, LC_ALL: 'en_GB.UTF-8', NACRE_SCRIPT: join(root, 'script.json'), ...env },
  });
  running.add(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = once(child, 'close').then(([code]): Result => {
    running.delete(child);
    return { code, out, err };
  });
  const says = (text: string) => expect.poll(() => out + err, { timeout: 15_000, interval: 10 }).toContain(text);
  return { child, ended, says };
}

const nacre = (...args: string[]): Promise<Result> => launch(args).ended;
const scripted = ['--model', 'scripted:script'];
const lines = ({ out }: Result): Line[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const last = (result: Result): Line => lines(result).at(-1) ?? { type: 'nothing' };

test('the answer alone is on stdout', async () => {
  expect(await nacre('ask', 'hello', ...scripted)).toEqual({ code: 0, out: 'Hello there.\n', err: '' });
});

test('with --json stdout carries every event as a JSON line and ends with how the run ended', async () => {
  const result = await nacre('ask', 'hello', '--json', ...scripted);
  expect(lines(result).map(({ type }) => type)).toEqual(expect.arrayContaining(['item.changed', 'run.started', 'text.added', 'step.ended', 'run.ended']));
  expect(lines(result).filter(({ type }) => type === 'run.ended')).toEqual([last(result)]);
  expect({ code: result.code, err: result.err, last: last(result) }).toMatchObject({
    code: 0,
    err: '',
    last: {
      type: 'run.ended',
      run: 1,
      conversation: 1,
      outcome: 'done',
      text: 'Hello there.',
      usage: { model: 'scripted:script', written: expect.any(Number) },
    },
  });
});

test('every script and emoji comes through, and a long message may come from stdin', async () => {
  const long = `${'长'.repeat(100_000)} emoji`;
  const result = await launch(['ask', '-', ...scripted], long).ended;
  expect(result).toEqual({ code: 0, out: '你好 👩‍👩‍👧 שלום\n', err: '' });
});

test('a run that needs a yes ends waiting when nobody can be asked, and goes on after `approvals allow`', async () => {
  const asked = await nacre('ask', 'write it', '--folder', folder, '--json', ...scripted);
  expect({ code: asked.code, last: last(asked) }).toMatchObject({ code: 3, last: { type: 'run.ended', outcome: 'waiting', text: 'I will write.' } });
  expect({ says: asked.err, written: existsSync(join(folder, 'a.txt')) }).toEqual({
    says: expect.stringContaining('nacre approvals allow a1'),
    written: false,
  });
  const listed = await nacre('approvals', 'list');
  expect(listed.out).toBe('a1\tr1\twrite_file\ta.txt\n');
  expect(listed.err).toMatch(/in .*folder\n {2}│ A\n[\s\S]*nacre approvals allow/);
  await nacre('approvals', 'allow', 'a1');
  const worked = await nacre('work', '--until-idle');
  expect({ code: worked.code, written: readFileSync(join(folder, 'a.txt'), 'utf8') }).toEqual({ code: 0, written: 'A\n' });
  expect((await nacre('run', 'show', 'r1')).out).toMatch(/^r1\tdone/);
});

test('a yes that stands is listed by `approvals grants`, and taken back by `revoke`', async () => {
  await nacre('ask', 'write it', '--folder', folder, ...scripted);
  const refused = await nacre('approvals', 'allow', 'a1', '--pattern', 'b.*');
  expect({ code: refused.code, err: refused.err }).toEqual({ code: 64, err: '"b.*" does not cover the call that was asked about.\n' });
  await nacre('approvals', 'allow', 'a1', '--everywhere', '--pattern', '*.txt');
  expect((await nacre('approvals', 'grants')).out).toBe(`g1\t*\twrite_file\t*.txt\t${folder}\n`);
  expect((await nacre('approvals', 'revoke', 'g1')).code).toBe(0);
  expect((await nacre('approvals', 'grants')).out).toBe('');
});

test('a yes from a command that is over at once does not begin what it would cut off', async () => {
  expect((await nacre('ask', 'command', '--folder', folder, ...scripted)).code).toBe(3);
  await nacre('approvals', 'allow', 'a1');
  expect(existsSync(join(folder, 'ran.txt'))).toBe(false);
  expect((await nacre('work', '--until-idle')).code).toBe(0);
  expect({ ran: readFileSync(join(folder, 'ran.txt'), 'utf8'), run: (await nacre('run', 'show', 'r1')).out.split('\t')[1] }).toEqual({
    ran: 'ran\n',
    run: 'done',
  });
});

test('--approve folder writes without asking, and --approve deny never writes', async () => {
  const denied = await nacre('ask', 'write it', '--folder', folder, '--approve', 'deny', ...scripted);
  expect({ code: denied.code, out: denied.out, written: existsSync(join(folder, 'a.txt')) }).toEqual({ code: 0, out: 'All settled.\n', written: false });
  const allowed = await nacre('ask', 'write it', '--folder', folder, '--approve', 'folder', ...scripted);
  expect({ code: allowed.code, out: allowed.out, written: existsSync(join(folder, 'a.txt')) }).toEqual({ code: 0, out: 'All settled.\n', written: true });
});

test('a run that fails says why in one sentence and ends with code 2', async () => {
  const result = await nacre('ask', 'unreachable', '--json', ...scripted);
  expect({ code: result.code, err: result.err, last: last(result) }).toMatchObject({
    code: 2,
    err: 'example.org could not be reached (refused).\n',
    last: { type: 'run.ended', outcome: 'failed', fault: { code: 'model.unreachable' }, usage: expect.any(Object) },
  });
});

test.each([
  ['no command', []],
  ['an unknown command', ['frobnicate']],
  ['an unknown option', ['ask', 'hello', '--frobnicate']],
  ['a missing argument', ['ask']],
  ['one argument too many', ['ask', 'hello', 'you']],
  ['an unknown way to approve', ['ask', 'hello', '--approve', 'always']],
  ['a folder that is not there', ['ask', 'hello', '--folder', '/nonexistent/folder']],
  ['something that is no number', ['run', 'show', 'twelve']],
])('%s is bad usage: code 64, one sentence, and the data folder is not touched', async (_, args) => {
  const result = await nacre(...args);
  expect({ code: result.code, out: result.out, says: result.err.trim() !== '', trace: /\n\s+at /.test(result.err), touched: existsSync(data) }).toEqual({
    code: 64,
    out: '',
    says: true,
    trace: false,
    touched: false,
  });
});

test('with --json bad usage and faults are JSON lines too', async () => {
  const [usage, missing, empty] = [await nacre('ask', '--json'), await nacre('run', 'show', '7', '--json'), await nacre('ask', ' ', '--json')];
  expect([usage, missing, empty].map((result) => [result.code, last(result)])).toMatchObject([
    [64, { type: 'fault', fault: { code: 'usage' } }],
    [2, { type: 'fault', fault: { code: 'run.missing' } }],
    [64, { type: 'fault', fault: { code: 'conversation.empty-message' } }],
  ]);
});

test('a task that can not be meant so is refused at the door: a policy for times that never come, no goal, a check that leads out', async () => {
  const refused = [
    await nacre('task', 'add', 'look', '--missed', 'skip'),
    await nacre('task', 'add', ' '),
    await nacre('task', 'add', 'look', '--folder', folder, '--check-file', '../../etc/passwd'),
  ];
  expect(refused.map(({ code, err }) => [code, err.trim()])).toEqual([
    [64, 'There is no due time to miss: --missed is only of use with --at, --every or --cron.'],
    [64, 'The message is empty. Write something first.'],
    [64, expect.stringContaining('../../etc/passwd is outside the chosen folder')],
  ]);
  await nacre('task', 'add', 'long '.repeat(2000), '--missed', 'once', '--every', '1d');
  expect((await nacre('task', 'list')).out.length).toBeLessThan(300);
});

test('a data folder that can not be used is named in one sentence', async () => {
  writeFileSync(data, 'a file');
  const result = await nacre('model', 'list');
  expect({ code: result.code, out: result.out, lines: result.err.trim().split('\n').length, names: result.err.includes(data) }).toEqual({
    code: 2,
    out: '',
    lines: 1,
    names: true,
  });
});

test('damaged settings are said once, and the command goes on with the defaults', async () => {
  mkdirSync(data);
  writeFileSync(join(data, 'settings.json'), '{"theme":');
  const [first, second] = [await nacre('ask', 'hello', ...scripted), await nacre('ask', 'hello', ...scripted)];
  expect([first, second].map(({ code, out, err }) => ({ code, out, said: err.includes('settings.damaged-') }))).toEqual([
    { code: 0, out: 'Hello there.\n', said: true },
    { code: 0, out: 'Hello there.\n', said: false },
  ]);
});

test('--conversation goes on where the conversation with that title was', async () => {
  await nacre('ask', 'hello', '--conversation', 'Plans', ...scripted);
  await nacre('ask', 'hello again', '--conversation', 'Plans', ...scripted);
  const result = await nacre('conversation', 'list', '--json');
  expect(lines(result).map(({ conversation }) => conversation)).toMatchObject([{ id: 1, title: 'Plans' }]);
});

test('two commands at once share one Nacre, and both get their answers', async () => {
  const first = launch(['ask', 'slow', '--json', ...scripted]);
  await first.says('"type":"text.added"');
  const second = await nacre('ask', 'hello', ...scripted);
  expect(second).toEqual({ code: 0, out: 'Hello there.\n', err: '' });
  expect(last(await first.ended)).toMatchObject({ outcome: 'done', text: slow });
});

test.each([
  ['is killed', 'SIGKILL'],
  ['is told to end', 'SIGTERM'],
] as const)('when the command that holds the data %s, the other takes over and its run goes on to the end', async (_, signal) => {
  const first = launch(['ask', 'slow', '--json', ...scripted]);
  await first.says('"type":"text.added"');
  const second = launch(['ask', 'slow too', '--json', ...scripted]);
  await second.says('"type":"text.added"');
  first.child.kill(signal);
  const result = await second.ended;
  expect({ code: result.code, last: last(result) }).toMatchObject({ code: 0, last: { type: 'run.ended', outcome: 'done', text: slow } });
  // What the first one had been asked is not lost either.
  expect((await nacre('work', '--until-idle')).code).toBe(0);
  expect((await nacre('run', 'show', 'r1')).out).toMatch(/^r1\tdone/);
});

test('Ctrl-C stops the run and says so', async () => {
  const asking = launch(['ask', 'slow', '--json', ...scripted]);
  await asking.says('"type":"text.added"');
  asking.child.kill('SIGINT');
  const result = await asking.ended;
  expect({ code: result.code, last: last(result) }).toMatchObject({ code: 2, last: { type: 'run.ended', outcome: 'stopped' } });
});

test('when the reader of stdout is gone the run is stopped, without a word', async () => {
  const asking = launch(['ask', 'slow', '--json', ...scripted]);
  await asking.says('"type":"text.added"');
  asking.child.stdout.destroy();
  const [code] = await once(asking.child, 'exit');
  expect({ code, err: (await asking.ended).err }).toEqual({ code: 2, err: '' });
  expect((await nacre('run', 'show', 'r1')).out).toMatch(/^r1\tstopped/);
});

test('a task is handed over, worked on by `work`, and its result is kept', async () => {
  const added = await nacre('task', 'add', 'write it', '--folder', folder, '--approve', 'folder', ...scripted);
  expect({ code: added.code, out: added.out }).toEqual({ code: 0, out: 't1\n' });
  expect((await nacre('work', '--until-idle')).code).toBe(0);
  const shown = await nacre('task', 'show', 't1', '--json');
  expect({ task: last(shown)['task'], written: readFileSync(join(folder, 'a.txt'), 'utf8') }).toMatchObject({
    task: { id: 1, state: 'done', result: 'All settled.' },
    written: 'A\n',
  });
  expect((await nacre('task', 'list')).out).toMatch(/^t1\tdone\t/);
});

test('`work` says that something waits for the person, with code 3, and the task shows what', async () => {
  await nacre('task', 'add', 'write it', '--folder', folder, ...scripted);
  const worked = await nacre('work', '--until-idle');
  expect({ code: worked.code, err: worked.err }).toEqual({ code: 3, err: expect.stringContaining('Open questions: 1; `nacre approvals list`') });
  expect((await nacre('task', 'show', 't1')).err).toMatch(/│ A\n[\s\S]*nacre approvals allow/);
});

test('a task that waits for another begins even where the process dies in the moment that one is done', async () => {
  await nacre('task', 'add', 'hello', ...scripted);
  await nacre('task', 'add', 'hello again', '--after', 't1', ...scripted);
  await launch(['work', '--until-idle'], '', { NACRE_FAILPOINT: 'run.end.after:1' }).ended;
  expect((await nacre('task', 'list')).out).toMatch(/^t2\tqueued\t0\thello again\nt1\tdone\t/);
  expect((await nacre('work', '--until-idle')).code).toBe(0);
  expect((await nacre('task', 'list')).out).toMatch(/^t2\tdone\t/);
});

test('`work` with a clock that is wrong says that scheduled tasks wait, and ends', async () => {
  await nacre('task', 'add', 'hello', '--every', '1h', ...scripted);
  const clock = 'data:text/javascript,Date.now=()=>253370764800000';
  const worked = await launch(['work', '--until-idle'], '', { NODE_OPTIONS: `--import=${clock}` }).ended;
  expect({ code: worked.code, err: worked.err }).toEqual({ code: 0, err: expect.stringContaining('The clock of this computer shows the year 9999') });
});

test('a task can be stopped before it was finished, and where it does not begin by the clock, pausing it says so', async () => {
  const added = await nacre('task', 'add', 'write it', '--folder', folder, ...scripted);
  expect(added.code).toBe(0);
  expect(await nacre('task', 'pause', 't1')).toMatchObject({ code: 64, err: expect.stringContaining('nacre task stop t1') });
  expect((await nacre('task', 'stop', 't1')).out).toMatch(/^t1\tstopped\t/);
});

test('a task keeps what it was given: shown with its evidence, changed by `edit`, and told step by step', async () => {
  const bounds = ['--folder', folder, '--approve', 'folder', '--check-file', 'a.txt:^A$', '--grant', 'write_file:*.txt', '--budget-tokens', '9000'];
  expect((await nacre('task', 'add', 'write it', ...bounds, '--check', 'test -s a.txt', ...scripted)).code).toBe(0);
  expect((await nacre('task', 'edit', 't1', '--budget-steps', '20', '--clear', 'grants')).out).toMatch(/^t1\tqueued/);
  expect((await nacre('work', '--until-idle')).code).toBe(0);
  const shown = (await nacre('task', 'show', 't1')).out.split('\n');
  expect(shown).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^t1\tdone\t2\twrite it$/),
      expect.stringMatching(/^check\tok\trun test -s a.txt\t/),
      'check\tok\tfile a.txt matches ^A$\ta.txt matches /^A$/.',
      expect.stringMatching(/^budget\t\d+\/9000 tokens\t2\/20 steps$/),
      'file\tadded\ta.txt',
      expect.stringMatching(/^cost\t\d+ tokens\t2 steps\t.*scripted:script$/),
      'All settled.',
    ]),
  );
  expect(shown.filter((line) => line.startsWith('grant'))).toEqual([]);
  const told = await nacre('run', 'show', 'r1');
  expect(told.out).toMatch(/reply\s+\d+ ms, \d+ read, 0 reused, \d+ written {2}I will write\. {2}→ write_file \{"path":"a.txt"/);
  expect(told.out).toMatch(/outcome\s+write_file {2}\d+ ms {2}done: Wrote 2 bytes to a.txt/);
  expect(told.out).toMatch(/checked\s+check\tok/);
  const replayed = await nacre('run', 'replay', 'r1', '--json');
  expect({ code: replayed.code, last: last(replayed) }).toMatchObject({
    code: 0,
    last: { type: 'replay', next: 'ended', differences: [], derived: { steps: 2 } },
  });
});

test('what ran without asking stands in the history, beside what became of each due time', async () => {
  await nacre('task', 'add', 'write it', '--folder', folder, '--approve', 'folder', '--every', '2h', ...scripted);
  await nacre('task', 'run-now', 't1');
  expect((await nacre('work', '--until-idle')).code).toBe(0);
  const history = await nacre('task', 'history', 't1');
  expect(history.out.split('\n')).toEqual([expect.stringMatching(/\tran\tby-hand\tr1$/), expect.stringMatching(/\tunasked\twrite_file a.txt\tr1$/), '']);
});

test.each([
  ['a schedule that can not be read', ['add', 'x', '--every', 'often'], '"often" is no length of time. Write it like 30m, 2h or 3d.'],
  ['two schedules', ['add', 'x', '--every', '2h', '--cron', '0 9 * * *'], 'Choose one of --every and --cron: a task has one schedule.'],
  ['a pause that is none', ['add', 'x', '--until-done', 'soon'], '"soon" is no length of time. Write it like 30m, 2h or 3d.'],
  ['a pattern that is none', ['add', 'x', '--check-file', 'a.txt:('], '/(/ is not a regular expression: Invalid regular expression: /(/mu: Unterminated group'],
  ['a grant without a tool', ['add', 'x', '--grant', ':all'], '":all" is no grant that could be read.'],
  ['a budget of nothing', ['add', 'x', '--budget-tokens', '0'], '"0" is no whole number above 0.'],
  ['a check without a folder', ['add', 'x', '--check', 'true'], 'A check looks into a folder, and none is chosen. Choose one.'],
  ['a folder without a name', ['add', 'x', '--folder', ''], 'The folder "" does not exist or is not a folder.'],
  ['a budget in part', ['add', 'x', '--budget-steps', '1.5'], '"1.5" is no whole number above 0.'],
])('%s is refused in one sentence, with code 64', async (_, args, sentence) => {
  const result = await nacre('task', ...args);
  expect({ code: result.code, out: result.out, err: result.err }).toEqual({ code: 64, out: '', err: expect.stringContaining(sentence) });
  expect(result.err.trim().split('\n').length).toBe(1);
});

test('an edit of nothing, and of a task that is not there, say so', async () => {
  await nacre('task', 'add', 'x', '--every', '2h', ...scripted);
  const [nothing, missing] = [await nacre('task', 'edit', 't1'), await nacre('task', 'edit', 't9', '--every', '1h')];
  expect([nothing.code, nothing.err, missing.code, missing.err]).toEqual([
    64,
    'Nothing to change was given: `nacre task edit --help` shows what can be.\n',
    2,
    'There is no task 9.\n',
  ]);
});

test('`work` goes on until told to leave, and works on what others hand over meanwhile', async () => {
  const working = launch(['work']);
  await working.says('Working');
  const result = await nacre('ask', 'hello', ...scripted);
  working.child.kill('SIGINT');
  expect({ out: result.out, code: (await working.ended).code }).toEqual({ out: 'Hello there.\n', code: 0 });
});

test('the terminal chat answers line by line and asks inline', async () => {
  const result = await launch(['chat', '--folder', folder, ...scripted], 'hello\nwrite it\nperhaps\ny\nhello\n').ended;
  expect({ code: result.code, out: result.out, written: existsSync(join(folder, 'a.txt')), asks: result.err.includes('│ A') }).toEqual({
    code: 0,
    out: 'Hello there.\nAll settled.\nHello there.\n',
    written: true,
    asks: true,
  });
});

test('a chat without a model says how to get one, and offers the demo, in the language of the terminal', async () => {
  const result = await launch(['chat'], 'hi\ndemo\nhi\n', { LC_ALL: 'zh_CN.UTF-8', NACRE_SCRIPT: '' }).ended;
  expect({ code: result.code, demo: result.out.length > 0 }).toEqual({ code: 0, demo: true });
  expect(result.err).toMatch(/nacre model import[\s\S]*内置演示/);
});

test('a model is named by id or name, and is used from then on', async () => {
  expect((await nacre('model', 'use', 'script')).code).toBe(0);
  const listed = await nacre('model', 'list', '--json');
  expect(lines(listed).map(({ model }) => model)).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'scripted:script', current: true })]));
  expect((await nacre('ask', 'hello')).out).toBe('Hello there.\n');
  expect((await nacre('model', 'use', 'nothing')).err).toBe('There is no model named nothing.\n');
});
