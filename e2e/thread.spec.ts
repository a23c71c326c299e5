// Reading a long thread and going back to it: places are kept, messages join, answers are asked for again.
import { expect, type Page } from 'playwright/test';
import { test } from './launch.ts';
import { createPerson } from './person.ts';

const words = Array.from({ length: 80 }, (_, at) => `word${at}`).join(' ');

test('a place in a thread is found again after a restart', async ({ launchNacre }) => {
  const questions = Array.from({ length: 6 }, (_, n) => `question${n}`);
  const first = await launchNacre({ script: questions.map((_, n) => ({ text: `${words} ${words} answer${n}` })) });
  const me = createPerson(first);
  for (const [n, question] of questions.entries()) {
    await me.say(question);
    await expect(me.thread).toContainText(`answer${n}`);
    await expect(me.button('composer.stop')).toBeHidden();
  }
  await me.thread.hover();
  await first.page.mouse.wheel(0, -700);
  let before = await topmost(first.page);
  await expect(async () => {
    const now = await topmost(first.page);
    const still = JSON.stringify(now) === JSON.stringify(before);
    before = now;
    expect(still).toBe(true);
  }).toPass({ intervals: [600] });
  await first.close();
  const again = await launchNacre({ data: first.data, script: [{ text: 'x' }] });
  await expect(async () => {
    const after = await topmost(again.page);
    expect(after.row).toBe(before.row);
    expect(Math.abs(after.offset - before.offset)).toBeLessThan(3);
  }).toPass({ timeout: 10_000 });
});

test('a message said while the assistant works joins, and both are answered', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script: [{ text: `${words} ${words}`, delayMs: 40 }, { text: 'Both heard.' }] });
  const me = createPerson(nacre);
  await me.say('start');
  await expect(me.answers).toContainText('word1');
  await me.say('and also this');
  await expect(me.thread).toContainText('and also this');
  await expect(me.thread).toContainText('Both heard.', { timeout: 20_000 });
});

test('an answer can be asked for again, and the new one takes its place', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script: [{ when: 'Hello', lines: [{ text: 'Here I am.' }] }] });
  const me = createPerson(nacre);
  await me.say('Hello');
  await expect(me.answers).toContainText('Here I am.');
  await me.button('answer.retry').click();
  await expect(me.answers).toHaveCount(1);
  await expect(me.answers).toContainText('Here I am.');
});

test('a very long message is shown in part and kept whole', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script: [{ text: 'Read it.' }] });
  const me = createPerson(nacre);
  const text = `${'long '.repeat(200_000)}end`;
  await me.say(text);
  await expect(me.answers).toContainText('Read it.');
  const kept = await nacre.page.evaluate(async () => {
    const door = (window as unknown as { nacre: { request(name: string, payload: unknown): Promise<{ value: { items: { text: string }[] } }> } }).nacre;
    return (await door.request('conversation.thread', { conversation: 1 })).value.items[0]?.text.length;
  });
  expect(kept).toBe(text.length);
});

/** The line of the thread at its upper edge, and how many pixels of it are above the edge. */
function topmost(page: Page): Promise<{ row: string | undefined; offset: number }> {
  return page.evaluate(() => {
    const edge = document.querySelector('.thread-scroll')?.getBoundingClientRect().top ?? 0;
    const line = [...document.querySelectorAll<HTMLElement>('.line')].find((one) => one.getBoundingClientRect().bottom > edge + 4);
    return { row: line?.dataset['row'], offset: Math.round((line?.getBoundingClientRect().top ?? 0) - edge) };
  });
}
