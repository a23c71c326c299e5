import { expect, test } from 'vitest';
import { type Approve, decide, type Grant } from './policy.ts';

const grants: readonly Grant[] = [
  { tool: 'write_file', scope: '/home/p' },
  { tool: 'run_command', scope: '["/home/p","ls"]' },
];
const scopes = { '/home/p': '/home/p', '/home/q': '/home/q', ls: '["/home/p","ls"]', 'ls ': '["/home/p","ls "]', 'ls elsewhere': '["/home/q","ls"]' } as const;

const table: readonly (readonly [tool: string, asks: boolean, scope: keyof typeof scopes, approve: Approve, decision: 'allow' | 'ask' | 'deny'])[] = [
  ['read_file', false, '/home/q', 'ask', 'allow'],
  ['read_file', false, '/home/q', 'deny', 'allow'],
  ['read_file', false, '/home/q', 'folder', 'allow'],
  ['write_file', true, '/home/p', 'ask', 'allow'],
  ['write_file', true, '/home/p', 'deny', 'allow'],
  ['write_file', true, '/home/q', 'ask', 'ask'],
  ['write_file', true, '/home/q', 'deny', 'deny'],
  ['write_file', true, '/home/q', 'folder', 'allow'],
  ['run_command', true, 'ls', 'ask', 'allow'],
  ['run_command', true, 'ls', 'deny', 'allow'],
  ['run_command', true, 'ls ', 'ask', 'ask'],
  ['run_command', true, 'ls elsewhere', 'ask', 'ask'],
  ['run_command', true, 'ls ', 'deny', 'deny'],
  ['run_command', true, 'ls ', 'folder', 'allow'],
  ['run_command', true, '/home/p', 'ask', 'ask'],
  ['send_mail', true, '/home/p', 'folder', 'ask'],
  ['send_mail', true, '/home/p', 'deny', 'deny'],
];

test.each(table)('%s that asks (%s) about %s with --approve %s and the grants of the conversation: %s', (tool, asks, scope, approve, decision) => {
  expect(decide({ tool, asks, scope: scopes[scope], grants, approve, sandboxed: true }).type).toBe(decision);
});

test('a denial tells the model to go on without the call', () => {
  expect(decide({ tool: 'run_command', asks: true, scope: 'x', grants: [], approve: 'deny', sandboxed: true })).toEqual({
    type: 'deny',
    reason: "run_command needs the person's approval, and in this run nobody is asked. Go on without it, and say in the answer what was left undone.",
  });
});

test.each([
  ['a grant of exactly this command', 'ask', 'ask'],
  ['a grant of exactly this command', 'deny', 'deny'],
  ['a grant of exactly this command', 'folder', 'ask'],
] as const)('a command outside of the sandbox, with %s and --approve %s: %s', (_, approve, decision) => {
  expect(decide({ tool: 'run_command', asks: true, scope: scopes.ls, grants, approve, sandboxed: false }).type).toBe(decision);
});

test('without a sandbox nothing changes for files', () => {
  expect(decide({ tool: 'write_file', asks: true, scope: '/home/p', grants, approve: 'ask', sandboxed: false }).type).toBe('allow');
});
