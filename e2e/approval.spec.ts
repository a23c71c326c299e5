// The assistant acts only when it was allowed to, and does exactly what was shown.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { test } from './launch.ts';
import { createPerson } from './person.ts';

const write = (path: string, content: string) => ({ calls: [{ tool: 'write_file', arguments: { path, content } }] });

test('a file is written only after the person has seen its bytes and allowed it', async ({ launchNacre, folder }) => {
  const nacre = await launchNacre({ script: [write('note.txt', 'bought milk\n'), { text: 'It is written.' }] });
  const me = createPerson(nacre);
  await me.chooseFolder(folder);
  await me.say('write a note');
  const question = me.question('note.txt');
  await expect(question).toContainText(folder);
  await expect(question.getByLabel(me.text('payload.label'))).toContainText('bought milk');
  expect(existsSync(join(folder, 'note.txt'))).toBe(false);
  await me.allow('note.txt');
  await expect(me.answers).toContainText('It is written.');
  expect(readFileSync(join(folder, 'note.txt'), 'utf8')).toBe('bought milk\n');
});

test('what was denied does not happen, and the model is told', async ({ launchNacre, folder }) => {
  const nacre = await launchNacre({ script: [write('note.txt', 'no'), { text: 'Then not.', expect: { last: 'denied' } }] });
  const me = createPerson(nacre);
  await me.chooseFolder(folder);
  await me.say('write a note');
  await me
    .question('note.txt')
    .getByRole('button', { name: me.text('approval.deny') })
    .click();
  await expect(me.answers).toContainText('Then not.');
  expect(existsSync(join(folder, 'note.txt'))).toBe(false);
});

test('“This conversation” allows later writes in the folder without asking again', async ({ launchNacre, folder }) => {
  const nacre = await launchNacre({ script: [write('a.txt', 'a'), write('b.txt', 'b'), { text: 'Both are there.' }] });
  const me = createPerson(nacre);
  await me.chooseFolder(folder);
  await me.say('write two notes');
  await me
    .question('a.txt')
    .getByRole('button', { name: me.text('approval.conversation') })
    .click();
  await expect(me.answers).toContainText('Both are there.');
  expect([readFileSync(join(folder, 'a.txt'), 'utf8'), readFileSync(join(folder, 'b.txt'), 'utf8')]).toEqual(['a', 'b']);
});

test('a change to a file shows what stands there now', async ({ launchNacre, folder }) => {
  writeFileSync(join(folder, 'list.txt'), 'eggs\nmilk\n');
  const nacre = await launchNacre({ script: [write('list.txt', 'eggs\nbread\n'), { text: 'Changed.' }] });
  const me = createPerson(nacre);
  await me.chooseFolder(folder);
  await me.say('change the list');
  await expect(me.question('list.txt')).toContainText('milk');
  await expect(me.question('list.txt')).toContainText('bread');
  await me.allow('list.txt');
  await expect(me.answers).toContainText('Changed.');
});

test('a command runs in the chosen folder once it is allowed, and stopping it kills what it started', async ({ launchNacre, folder }) => {
  const command = 'echo started > started.txt; sleep 300; echo finished > finished.txt';
  const nacre = await launchNacre({ script: [{ calls: [{ tool: 'run_command', arguments: { command } }] }, { text: 'never said' }] });
  const me = createPerson(nacre);
  await me.chooseFolder(folder);
  await me.say('run it');
  await me.allow(command);
  await expect.poll(() => existsSync(join(folder, 'started.txt'))).toBe(true);
  await me.button('composer.stop').click();
  await expect(me.answers).toContainText(me.text('answer.stopped'));
  expect(existsSync(join(folder, 'finished.txt'))).toBe(false);
});

test('the keys answer the question that has the focus, and only its card shows them', async ({ launchNacre, folder }) => {
  const nacre = await launchNacre({
    script: [
      { when: 'first', lines: [write('first.txt', '1'), { text: 'First done.' }] },
      { when: 'second', lines: [write('second.txt', '2'), { text: 'Second done.' }] },
    ],
  });
  const me = createPerson(nacre);
  await me.chooseFolder(folder);
  await me.handOver('the first');
  await me.question('first.txt').first().waitFor();
  await me.handOver('the second');
  const second = me.question('second.txt').first();
  await second.waitFor();
  await second.focus();
  await expect(second.locator('kbd:visible')).toHaveCount(3);
  await expect(me.question('first.txt').first().locator('kbd:visible')).toHaveCount(0);
  await nacre.page.waitForTimeout(600); // a question that has only just come can't be answered by a key
  await nacre.page.keyboard.press('1');
  await expect(me.thread).toContainText('Second done.');
  expect([existsSync(join(folder, 'first.txt')), existsSync(join(folder, 'second.txt'))]).toEqual([false, true]);
});

test('a question goes when the answer is stopped, and the next one takes the focus and the keys', async ({ launchNacre, folder }) => {
  const nacre = await launchNacre({
    script: [
      { when: 'one', lines: [write('one.txt', '1'), { text: 'never said' }] },
      { when: 'two', lines: [write('two.txt', '2'), { text: 'Two is written.' }] },
    ],
  });
  const me = createPerson(nacre);
  await me.chooseFolder(folder);
  await me.say('one');
  await me.question('one.txt').first().waitFor();
  await me.button('composer.stop').click();
  await expect(me.question('one.txt')).toHaveCount(0);
  await me.say('two');
  await expect(me.question('two.txt').first()).toBeFocused();
  await nacre.page.keyboard.press('1');
  await expect(me.answers).toContainText(['', 'Two is written.']);
  await expect(me.box).toBeFocused();
  expect([existsSync(join(folder, 'one.txt')), existsSync(join(folder, 'two.txt'))]).toEqual([false, true]);
});
