// Work handed over: it goes on while the person is elsewhere, across restarts and crashes, and never does a thing twice.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { test } from './launch.ts';
import { createPerson } from './person.ts';

const run = (command: string) => ({ calls: [{ tool: 'run_command', arguments: { command } }] });
const slowly = Array.from({ length: 80 }, (_, at) => `thought${at}`).join(' ');

test('a task runs in the background, and its result arrives in the conversation', async ({ launchNacre, folder }) => {
  const nacre = await launchNacre({
    script: [{ when: 'count', lines: [{ calls: [{ tool: 'list_files', arguments: { path: '.' } }] }, { text: 'There is nothing.' }] }],
  });
  const me = createPerson(nacre);
  await me.chooseFolder(folder);
  await me.handOver('count the files');
  await expect(me.task('count the files')).toContainText(me.text('task.done'));
  await expect(me.answers).toContainText('There is nothing.');
});

test('a task that waits for an answer still waits after a restart, and goes on when it gets one', async ({ launchNacre, folder }) => {
  const first = await launchNacre({ script: [run('echo one >> log.txt'), { text: 'All is done.' }] });
  const before = createPerson(first);
  await before.chooseFolder(folder);
  await before.handOver('log it');
  await before.question('echo one >> log.txt').waitFor();
  expect(await first.close()).toBe(0);

  const again = await launchNacre({ data: first.data });
  const after = createPerson(again);
  await after.allow('echo one >> log.txt');
  await expect(after.task('log it')).toContainText(after.text('task.done'));
  await expect(after.answers).toContainText('All is done.');
  expect(readFileSync(join(folder, 'log.txt'), 'utf8')).toBe('one\n');
});

test('a task goes on after a quit in the middle of it', async ({ launchNacre, folder }) => {
  const first = await launchNacre({ script: [run('echo one >> log.txt'), { text: `${slowly} finished`, delayMs: 30 }] });
  const before = createPerson(first);
  await before.chooseFolder(folder);
  await before.handOver('log it');
  await before.allow('echo one >> log.txt');
  await expect.poll(() => existsSync(join(folder, 'log.txt'))).toBe(true);
  expect(await first.close()).toBe(0);

  const again = await launchNacre({ data: first.data });
  const after = createPerson(again);
  await expect(after.answers).toContainText('finished');
  await expect(after.task('log it')).toContainText(after.text('task.done'));
  expect(readFileSync(join(folder, 'log.txt'), 'utf8')).toBe('one\n');
});

test('a task goes on from its last recorded step after a SIGKILL, and repeats nothing', async ({ launchNacre, folder }) => {
  const first = await launchNacre({ script: [run('echo one >> log.txt'), run('echo two >> log.txt'), { text: `${slowly} finished`, delayMs: 40 }] });
  const before = createPerson(first);
  await before.chooseFolder(folder);
  await before.handOver('log it');
  await before.allow('echo one >> log.txt');
  await before.allow('echo two >> log.txt');
  await expect(before.task('log it')).toContainText(before.text('task.steps_other', { count: 2 }).replace('2', ''));
  await expect.poll(() => existsSync(join(folder, 'log.txt')) && readFileSync(join(folder, 'log.txt'), 'utf8')).toBe('one\ntwo\n');
  await first.kill();

  const again = await launchNacre({ data: first.data });
  const after = createPerson(again);
  await expect(after.task('log it')).toContainText(after.text('task.done'));
  await expect(after.answers).toContainText('finished');
  expect(readFileSync(join(folder, 'log.txt'), 'utf8')).toBe('one\ntwo\n');
});

test('a command that was running at a SIGKILL is not run again: the person is told that it may have happened', async ({ launchNacre, folder }) => {
  const command = 'echo begun >> log.txt; sleep 20';
  const first = await launchNacre({ script: [run(command), { text: 'I looked at what happened.', expect: { last: 'unknown' } }] });
  const before = createPerson(first);
  await before.chooseFolder(folder);
  await before.handOver('log it');
  await before.allow(command);
  await expect.poll(() => existsSync(join(folder, 'log.txt'))).toBe(true);
  await first.kill();

  const again = await launchNacre({ data: first.data });
  const after = createPerson(again);
  await expect(after.task('log it')).toContainText(after.text('task.unknownCalls_one', { count: 1 }));
  await expect(after.answers).toContainText('I looked at what happened.');
  expect(readFileSync(join(folder, 'log.txt'), 'utf8')).toBe('begun\n');
});

test('a person chats elsewhere while a task works, and can stop the task', async ({ launchNacre }) => {
  const nacre = await launchNacre({
    script: [
      { when: 'think for long', lines: [{ text: `${slowly} ${slowly}`, delayMs: 200 }] },
      { when: 'hello', lines: [{ text: 'Hello to you.' }] },
    ],
  });
  const me = createPerson(nacre);
  await me.handOver('think for long');
  await expect(me.task('think for long')).toContainText(me.text('task.running'));
  await me.beginConversation();
  await me.say('hello');
  await expect(me.answers).toContainText('Hello to you.');
  await me.row('think for long').click();
  await me
    .task('think for long')
    .getByRole('button', { name: me.text('task.stop') })
    .click();
  await expect(me.task('think for long')).toContainText(me.text('task.stopped'));
});
