// Work for later: the person confirms the schedule, the card says when, and results arrive in the conversation.
import { expect } from 'playwright/test';
import { test } from './launch.ts';
import { createPerson } from './person.ts';

const named = (goal: string) => [
  {
    when: 'every morning',
    lines: [{ calls: [{ tool: 'schedule_task', arguments: { goal, cron: '0 9 * * *' } }] }, { text: 'It is planned.' }],
  },
  { when: `Goal: ${goal}`, lines: [{ text: 'No news today.' }] },
];
const script = named('Read the news');

test('a task is scheduled in words, confirmed, run by hand, paused, and removed', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script });
  const me = createPerson(nacre);
  await me.say('Read me the news every morning');
  await expect(me.question('Read the news')).toContainText('09:00');
  await me.allow('Read the news');
  await expect(me.answers).toContainText('It is planned.');
  const card = me.task('Read the news');
  await expect(card).toContainText('every day at 09:00');
  await expect(card).toContainText(me.text('waiting.time'));
  await card.getByRole('button', { name: me.text('task.run-now') }).click();
  await expect(me.thread).toContainText('No news today.');
  await card.getByRole('button', { name: me.text('task.pause') }).click();
  await expect(card).toContainText(me.text('task.paused'));
  await nacre.page.screenshot({ path: 'e2e/shots/schedule-en-light.png' });
  await card.getByRole('button', { name: me.text('task.resume') }).click();
  await card.getByRole('button', { name: me.text('task.more') }).click();
  await nacre.page.getByRole('menuitem', { name: me.text('task.remove') }).click();
  await expect(card).toBeHidden();
});

test('a schedule is there again after a restart', async ({ launchNacre }) => {
  const first = await launchNacre({ script });
  const me = createPerson(first);
  await me.say('Read me the news every morning');
  await me.allow('Read the news');
  await expect(me.task('Read the news')).toBeVisible();
  await first.close();
  const again = await launchNacre({ script, data: first.data });
  await expect(createPerson(again).task('Read the news')).toContainText('every day at 09:00');
});

/** Longer than one line of a narrow window. */
const goal = 'Read the news of the morning and tell me in three sentences what matters';

for (const width of [1200, 480])
  test(`a schedule can be read in Chinese and dark at ${width} pixels, as a question, waiting, and paused`, async ({ launchNacre }) => {
    const { page, evaluate } = await launchNacre({ script: named(goal), settings: { language: 'zh', theme: 'dark' }, locale: 'zh-CN' });
    const me = createPerson({ page, evaluate }, 'zh');
    await page.setViewportSize({ width, height: 800 });
    await me.say('Read me the news every morning');
    await me.question(goal).first().waitFor();
    await page.screenshot({ path: `e2e/shots/schedule-question-zh-dark-${width}.png` });
    await me.allow(goal);
    const card = me.task(goal);
    await expect(card).toContainText('每天 09:00');
    await page.screenshot({ path: `e2e/shots/schedule-waiting-zh-dark-${width}.png` });
    await card.getByRole('button', { name: me.text('task.pause') }).click();
    await expect(card).toContainText(me.text('task.paused'));
    await page.screenshot({ path: `e2e/shots/schedule-paused-zh-dark-${width}.png` });
    expect(await card.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  });
