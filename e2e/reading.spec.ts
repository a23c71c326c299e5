// Reading what models write: whatever the script, the width of the window or the length.
import { expect } from 'playwright/test';
import { test } from './launch.ts';
import { createPerson } from './person.ts';

const answer = [
  'A `List` is a List<String>, and you press <Enter>.[^1]',
  '<div onclick="x()">\n<b>not bold</b>\n</div>',
  'مرحبا بالعالم، هذا جواب.',
  '- عنصر أول\n- عنصر ثان',
  '- plain\n- [ ] open\n- [x] done\n- plain too',
  `| ${Array.from({ length: 9 }, (_, at) => `Heading${at}`).join(' | ')} |\n|${' --- |'.repeat(9)}\n| ${'considerable | '.repeat(9)}`,
  '[^1]: The note.',
].join('\n\n');

test('HTML is shown as it was written, Arabic runs from the right, tables keep their words whole, and footnotes lead there and back', async ({
  launchNacre,
}) => {
  const { page, evaluate } = await launchNacre({ script: [{ text: answer }] });
  const me = createPerson({ page, evaluate });
  await page.setViewportSize({ width: 480, height: 900 });
  await me.say('write');
  await expect(me.answers).toContainText('A List is a List<String>, and you press <Enter>.');
  await expect(me.answers).toContainText('<b>not bold</b>');
  await expect(me.button('answer.retry')).toBeVisible();
  const direction = (text: string) => me.answers.getByText(text).evaluate((element) => getComputedStyle(element).direction);
  expect([await direction('مرحبا'), await direction('عنصر أول'), await direction('plain too')]).toEqual(['rtl', 'rtl', 'ltr']);
  const table = me.answers.getByRole('group', { name: me.text('markdown.table') });
  expect(await table.evaluate((frame) => frame.scrollWidth > frame.clientWidth)).toBe(true);
  expect(await table.getByText('Heading3').evaluate((cell) => cell.clientHeight)).toBeLessThan(50);
  await me.answers.getByRole('link', { name: '1', exact: true }).click();
  await expect(me.answers.getByRole('listitem').filter({ hasText: 'The note.' })).toBeFocused();
  await me.answers.getByRole('link', { name: me.text('markdown.footnoteBack', { number: 1 }) }).click();
  await expect(me.answers.getByRole('link', { name: '1', exact: true })).toBeFocused();
  await page.screenshot({ path: 'e2e/shots/reading-en-light.png' });
});

test('the End key goes to the very end of a long thread', async ({ launchNacre }) => {
  const questions = Array.from({ length: 14 }, (_, n) => `question${n}`);
  const script = questions.map((_, n) => ({ text: `${'many words '.repeat(20 * ((n * 7) % 11))} answer${n}.` }));
  const { page, evaluate } = await launchNacre({ script });
  const me = createPerson({ page, evaluate });
  for (const [n, question] of questions.entries()) {
    await me.say(question);
    await expect(me.thread).toContainText(`answer${n}.`);
    await expect(me.button('composer.stop')).toBeHidden();
  }
  await me.thread.focus();
  await me.thread.press('Home');
  await expect(me.thread).toContainText('question0');
  await me.thread.press('End');
  await expect.poll(() => me.thread.evaluate((log) => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight))).toBeLessThan(8);
  await expect(page.getByRole('button', { name: me.text('thread.jump_other', { count: 0 }) })).toBeHidden();
});

test('a message of 80,000 lines can be pasted and written on', async ({ launchNacre }) => {
  const { page, evaluate } = await launchNacre({ script: [{ text: 'Read.' }] });
  const me = createPerson({ page, evaluate });
  await page.evaluate((text) => {
    const other = document.createElement('textarea');
    other.value = text;
    document.body.append(other);
    other.select();
    document.execCommand('copy');
    other.remove();
  }, 'twelve chars\n'.repeat(80_000));
  await me.box.focus();
  await page.keyboard.press('Control+V');
  await page.keyboard.type('the end');
  await expect(me.box).toHaveValue(/the end$/);
  await expect(me.button('composer.send')).toBeEnabled();
  await page.screenshot({ path: 'e2e/shots/long-draft-en-light.png' });
});

test('what was stopped before a message was read can be asked for again', async ({ launchNacre }) => {
  const slowly = Array.from({ length: 60 }, (_, at) => `word${at}`).join(' ');
  const { page, evaluate } = await launchNacre({ script: [{ text: slowly, delayMs: 100 }] });
  const me = createPerson({ page, evaluate });
  await me.say('start');
  await expect(me.answers).toContainText('word1');
  await me.say('and also this');
  await expect(me.thread).toContainText('and also this');
  await me.button('composer.stop').click();
  await expect(me.thread).toContainText(me.text('said.unanswered'));
  await me.button('answer.tryAgain').click();
  await expect(me.button('composer.stop')).toBeVisible();
  await expect(me.box).toBeFocused();
  await expect(me.thread).not.toContainText(me.text('said.unanswered'));
});
