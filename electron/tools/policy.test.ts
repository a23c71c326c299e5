import { describe, expect, test } from 'vitest';
import { parseGrant, refuseGrant } from './grants.ts';
import { type Approve, decide, type Grant } from './policy.ts';

const folder = '/home/p';
const tools = {
  read_file: { name: 'read_file', asks: false, patterns: undefined },
  write_file: { name: 'write_file', asks: true, patterns: 'path' },
  run_command: { name: 'run_command', asks: true, patterns: 'command' },
  send_mail: { name: 'send_mail', asks: true, patterns: undefined },
} as const;
type ToolName = keyof typeof tools;
type Type = 'allow' | 'ask' | 'deny';

const previewOf = (tool: ToolName, text: string, at = folder) => {
  const path = text.startsWith('/') ? text : `${at}/${text}`;
  if (tool === 'write_file') return { scope: at, subject: { text: path, folder: at } };
  if (tool === 'run_command') return { scope: JSON.stringify([at, text]), subject: { text, folder: at } };
  return { scope: text };
};
const decided = (tool: ToolName, text: string, grants: readonly Grant[], approve: Approve = 'ask', at = folder): Type => {
  const { name, asks, patterns } = tools[tool];
  const seam = { name, asks, ...(patterns === undefined ? {} : { patterns }) };
  return decide({ tool: seam, preview: previewOf(tool, text, at), grants, approve, now: 1000 }).type;
};

describe('a standing answer covers exactly what was asked', () => {
  const grants: readonly Grant[] = [
    { tool: 'write_file', scope: folder, until: null },
    { tool: 'run_command', scope: '["/home/p","ls"]', until: null },
    { tool: 'send_mail', scope: 'to me', until: null },
  ];
  test.each<[ToolName, string, string, Approve, Type]>([
    ['read_file', 'a', '/home/q', 'ask', 'allow'],
    ['read_file', 'a', '/home/q', 'deny', 'allow'],
    ['read_file', 'a', '/home/q', 'folder', 'allow'],
    ['write_file', 'a', folder, 'ask', 'allow'],
    ['write_file', 'deep/b', folder, 'deny', 'allow'],
    ['write_file', 'a', '/home/q', 'ask', 'ask'],
    ['write_file', 'a', '/home/q', 'deny', 'deny'],
    ['write_file', 'a', '/home/q', 'folder', 'allow'],
    ['write_file', '/etc/passwd', '/home/q', 'folder', 'ask'],
    ['write_file', '/home/qq/a', '/home/q', 'folder', 'ask'],
    ['run_command', 'ls', folder, 'ask', 'allow'],
    ['run_command', 'ls', folder, 'deny', 'allow'],
    ['run_command', 'ls ', folder, 'ask', 'ask'],
    ['run_command', 'ls', '/home/q', 'ask', 'ask'],
    ['run_command', 'ls ', folder, 'deny', 'deny'],
    ['run_command', 'ls; rm -rf ~', folder, 'folder', 'allow'],
    ['send_mail', 'to me', folder, 'ask', 'allow'],
    ['send_mail', 'to you', folder, 'ask', 'ask'],
    ['send_mail', 'to you', folder, 'folder', 'ask'],
    ['send_mail', 'to you', folder, 'deny', 'deny'],
  ])('%s of %s in %s with --approve %s: %s', (tool, text, at, approve, decision) => {
    expect(decided(tool, text, grants, approve, at)).toBe(decision);
  });
});

describe('a grant by pattern', () => {
  test.each<[string, ToolName, string, Type]>([
    ['write_file', 'write_file', 'a.txt', 'allow'],
    ['write_file', 'write_file', 'deep/er/a.txt', 'allow'],
    ['write_file', 'write_file', '/home/q/a.txt', 'ask'],
    ['write_file', 'write_file', '/home/pp/a.txt', 'ask'],
    ['write_file', 'run_command', 'ls', 'ask'],
    ['write_file', 'send_mail', 'to me', 'ask'],
    ['write', 'write_file', 'a.txt', 'allow'],
    ['write:a.txt', 'write_file', 'a.txt', 'allow'],
    ['write:./a.txt', 'write_file', 'a.txt', 'allow'],
    ['write:a.txt', 'write_file', 'b.txt', 'ask'],
    ['write:a.txt', 'write_file', 'deep/a.txt', 'ask'],
    ['write:a.txt', 'write_file', 'a.txt.bak', 'ask'],
    ['write:a.txt', 'write_file', 'aXtxt', 'ask'],
    ['write:out/**', 'write_file', 'out/a', 'allow'],
    ['write:out/**', 'write_file', 'out/deep/er/a', 'allow'],
    ['write:out/**', 'write_file', 'output/a', 'ask'],
    ['write:out/**', 'write_file', 'a', 'ask'],
    ['write:out/**', 'write_file', 'in/out/a', 'ask'],
    ['write:out/**', 'write_file', '/etc/out/a', 'ask'],
    ['write:out/*.md', 'write_file', 'out/a.md', 'allow'],
    ['write:out/*.md', 'write_file', 'out/deep/a.md', 'ask'],
    ['write:out/*.md', 'write_file', 'out/a.mdx', 'ask'],
    ['write:*', 'write_file', 'a', 'allow'],
    ['write:*', 'write_file', 'deep/a', 'ask'],
    ['write:**', 'write_file', '.ssh/authorized_keys', 'ask'],
    ['write:a[1].txt', 'write_file', 'a[1].txt', 'allow'],
    ['write:out/{a,b}.md', 'write_file', 'out/b.md', 'allow'],
    ['write:out/{a,b}.md', 'write_file', 'out/c.md', 'ask'],
    ['run_command', 'run_command', 'anything; at all', 'allow'],
    ['run_command:npm test', 'run_command', 'npm test', 'allow'],
    ['run_command:npm test', 'run_command', 'npm test ', 'ask'],
    ['run_command:npm test', 'run_command', 'npm test --all', 'ask'],
    ['run_command:npm test', 'run_command', 'npm', 'ask'],
    ['run_command:a && b', 'run_command', 'a && b', 'allow'],
    ['run:git *', 'run_command', 'git', 'allow'],
    ['run:git *', 'run_command', 'git log', 'allow'],
    ['run:git *', 'run_command', 'git log --format=%H -n 3', process.platform === 'win32' ? 'ask' : 'allow'],
    ['run:git *', 'run_command', 'git commit -m "a b"', 'allow'],
    ['run:git *', 'run_command', 'gitx log', 'ask'],
    ['run:git *', 'run_command', ' git log', 'ask'],
    ['run:git *', 'run_command', 'git-log', 'ask'],
    ['run:git *', 'run_command', 'sudo git log', 'ask'],
    ['run:git *', 'run_command', 'PATH=. git log', 'ask'],
    ['run:git *', 'run_command', 'git log; rm -rf ~', 'ask'],
    ['run:git *', 'run_command', 'git log && rm -rf ~', 'ask'],
    ['run:git *', 'run_command', 'git log || rm x', 'ask'],
    ['run:git *', 'run_command', 'git log & rm x', 'ask'],
    ['run:git *', 'run_command', 'git log | sh', 'ask'],
    ['run:git *', 'run_command', 'git log > ~/.bashrc', 'ask'],
    ['run:git *', 'run_command', 'git apply < x', 'ask'],
    ['run:git *', 'run_command', 'git log $(rm x)', 'ask'],
    ['run:git *', 'run_command', 'git log `rm x`', 'ask'],
    ['run:git *', 'run_command', 'git log "$(rm x)"', 'ask'],
    ['run:git *', 'run_command', 'git log $\u007bx:=y}', 'ask'],
    ['run:git *', 'run_command', 'git log $HOME', 'ask'],
    ['run:git *', 'run_command', 'git log <(rm x)', 'ask'],
    ['run:git *', 'run_command', 'git log\nrm x', 'ask'],
    ['run:git *', 'run_command', 'git log\r\nrm x', 'ask'],
    ['run:git *', 'run_command', 'git log \\\nrm', 'ask'],
    ['run:git *', 'run_command', 'git log\u0000x', 'ask'],
    ['run:git *', 'run_command', 'git() { rm x', 'ask'],
    ['run:npm run *', 'run_command', 'npm run build', 'allow'],
    ['run:npm run *', 'run_command', 'npm install x', 'ask'],
    ['send_mail', 'send_mail', 'to me', 'allow'],
    ['send_mail', 'write_file', 'a', 'ask'],
  ])('%s and %s of %j: %s', (text, tool, subject, decision) => {
    const read = parseGrant(text);
    if (!read.ok) throw new Error(read.fault.message);
    const grant: Grant = { tool: read.value.tool, pattern: read.value.pattern, folder, until: null };
    expect([decided(tool, subject, [grant]), decided(tool, subject, [{ ...grant, until: 1000 }])]).toEqual([decision, 'ask']);
  });

  test.each<[number | null, Type]>([
    [null, 'allow'],
    [1001, 'allow'],
    [1000, 'ask'],
    [1, 'ask'],
  ])('that holds until %s is worth this at 1000: %s', (until, decision) => {
    expect([
      decided('write_file', 'a', [{ tool: 'write_file', pattern: null, folder, until }]),
      decided('write_file', 'a', [{ tool: 'write_file', scope: folder, until }]),
    ]).toEqual([decision, decision]);
  });

  test('holds in its own folder only', () => {
    expect(decided('run_command', 'git log', [{ tool: 'run_command', pattern: 'git *', folder, until: null }], 'ask', '/home/q')).toBe('ask');
  });
});

describe('what can not mean anything is refused in a sentence', () => {
  test.each<[string, string | null, RegExp | null]>([
    ['write_file', folder, null],
    ['write:out/**', folder, null],
    ['write:../x', folder, /out of the task's folder/],
    ['write:a/../../x', folder, /out of the task's folder/],
    ['write:/etc/passwd', folder, /out of the task's folder/],
    ['write:~/x', folder, /out of the task's folder/],
    ['write:C:/x', folder, /out of the task's folder/],
    ['write:out/', folder, /Write out\/\*\* for everything/],
    ['write:.', folder, /No file can be named/],
    ['write:a\\b', folder, /No file can be named/],
    ['write_file', null, /none is chosen/],
    ['run:git *', folder, null],
    ['run:a; b', folder, null],
    ['run:a; b *', folder, /can never match/],
    ['run:*', folder, /leave out the pattern/],
    ['run_command:npm test', null, /none is chosen/],
    ['send_mail', null, null],
    ['send_mail:me', folder, /only be granted as a whole/],
    ['fly_plane', folder, /no tool fly_plane .* read_file, write_file, run_command, send_mail/],
  ])('%s for a task in %s', (text, at, sentence) => {
    const read = parseGrant(text);
    const known = Object.values(tools).map(({ name, patterns }) => ({ name, ...(patterns === undefined ? {} : { patterns }) }));
    const refused = read.ok ? refuseGrant(read.value, known, at) : read.fault;
    if (sentence === null) expect(refused).toBe(null);
    else expect(refused?.message).toMatch(sentence);
  });

  test.each(['', ':x', 'two words', 'write file:x'])('and what is no grant at all: %j', (text) => {
    expect(parseGrant(text)).toMatchObject({ ok: false, fault: { code: 'typed.grant', message: expect.stringContaining('Write it like') } });
  });
});

test('a denial tells the model to go on without the call', () => {
  const tool = { name: 'run_command', asks: true };
  expect(decide({ tool, preview: { scope: 'x' }, grants: [], approve: 'deny', now: 0 })).toEqual({
    type: 'deny',
    reason: "run_command needs the person's approval, and in this run nobody is asked. Go on without it, and say in the answer what was left undone.",
  });
});

test.each<[Approve, Type]>([
  ['ask', 'ask'],
  ['deny', 'deny'],
  ['folder', 'ask'],
])('a command outside of the sandbox is covered by no grant, with --approve %s: %s', (approve, type) => {
  const preview = { ...previewOf('run_command', 'ls'), caution: { code: 'sandbox.unsupported', message: 'There is no sandbox.' } };
  const grants: readonly Grant[] = [
    { tool: 'run_command', scope: '["/home/p","ls"]', until: null },
    { tool: 'run_command', pattern: null, folder, until: null },
  ];
  expect(decide({ tool: tools.run_command, preview, grants, approve, now: 1000 }).type).toBe(type);
});
