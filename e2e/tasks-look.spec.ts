// The screens of tasks in English and Chinese, light and dark: the form, the card that is opened, the report, and the questions.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { type Launch, test } from './launch.ts';
import { createLook, type Look } from './look.ts';
import { parkOnBudget } from './parked.ts';
import { answerDialog, createPerson, type Language } from './person.ts';

const words = {
  en: {
    goal: 'Keep the shopping list in order, with bread on it',
    news: 'Read the news of the morning and tell me in three sentences what matters',
    done: 'The list is in order: **eggs** and **bread**. Milk was crossed off.',
    sentence: 'The budget of 9,000 tokens is spent.',
    report: 'Twelve of twenty letters are sorted.\nWhat is left: eight letters from the tax office.',
    plan: ['Read all letters', 'Make a folder for each sender', 'Move the letters', 'Write a list'],
    rule: 'Never delete a letter',
    owed: 'Say which letters had no date',
  },
  zh: {
    goal: '整理购物清单，把面包写上去',
    news: '读早间新闻，用三句话告诉我重点',
    done: '清单整理好了：**鸡蛋**和**面包**。牛奶已划掉。',
    sentence: '9,000 个词元的预算用完了。',
    report: '二十封信已整理十二封。\n还剩税务局的八封。',
    plan: ['阅读所有信件', '为每个寄件人建文件夹', '移动信件', '写一份清单'],
    rule: '绝不删除信件',
    owed: '说明哪些信没有日期',
  },
};

for (const language of ['en', 'zh'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`every screen of a task can be read by everyone, in ${language}, ${theme}`, async ({ launchNacre, folder }) => {
      test.setTimeout(180_000);
      const look = createLook(language, theme);
      const settings = { language, theme };
      await lookAtTask(launchNacre, look, folder, settings);
      await lookAtQuestion(launchNacre, look, settings);
    });
  }
}

type Settings = { readonly language: Language; readonly theme: string };

async function lookAtTask(launchNacre: Launch, look: Look, folder: string, settings: Settings): Promise<void> {
  const said = words[settings.language];
  writeFileSync(join(folder, 'list.txt'), 'eggs\nmilk\n');
  const write = { calls: [{ tool: 'write_file', arguments: { path: 'list.txt', content: 'eggs\nbread\n' } }] };
  const touch = { calls: [{ tool: 'run_command', arguments: { command: 'echo done > log.txt' } }] };
  const plan = { calls: [{ tool: 'schedule_task', arguments: { goal: said.news, cron: '0 9 * * 1-5', checks: ['file news.txt'] } }] };
  const script = [
    { when: said.goal, lines: [write, touch, { text: said.done }] },
    { when: said.news, lines: [plan, { text: said.done }] },
  ];
  const nacre = await launchNacre({ script, settings, locale: settings.language === 'zh' ? 'zh-CN' : 'en-GB' });
  const me = createPerson(nacre, settings.language);
  await answerDialog(nacre.evaluate, folder);
  await me.button('list.tasks').click();
  await me.button('tasks.new').click();
  const form = nacre.page.getByRole('dialog');
  const field = (key: string) => form.getByRole('textbox', { name: me.text(key), exact: true });
  await field('form.goal').fill(said.goal);
  await form.getByRole('button', { name: me.text('folder.choose') }).click();
  await field('form.checks').fill('file list.txt matches ^bread$\ncount *.txt 1+');
  await field('form.grants').fill('write_file:list.txt\nrun_command:echo *');
  await form.getByRole('button', { name: me.text('form.way.now') }).click();
  await nacre.page.getByRole('option', { name: me.text('form.way.cron') }).click();
  await field('form.typed.cron').fill('0 9 * * 1-5');
  await expect(form).toContainText('09:00');
  await nacre.page.setViewportSize({ width: 1080, height: 1010 });
  await look(nacre.page, 'task-form');
  await form.getByRole('button', { name: me.text('form.add') }).click();
  await me
    .task(said.goal)
    .getByRole('button', { name: me.text('task.run-now') })
    .click();
  // The first is granted; what redirects its output can do more than the program that was named, so it asks.
  await me
    .question('echo done > log.txt')
    .first()
    .getByRole('button', { name: me.text('approval.task') })
    .click();
  await expect(me.answers).toBeVisible();
  const report = me.thread.getByRole('region', { name: me.text('report.label') });
  await report.getByRole('button', { name: 'list.txt' }).click();
  await expect(report).toContainText('milk');
  await me
    .task(said.goal)
    .getByRole('button', { name: me.text('task.details') })
    .click();
  await expect(me.task(said.goal)).toContainText('write_file list.txt');
  await look(nacre.page, 'task-report');
  await me.beginConversation();
  await me.chooseFolder(folder);
  await me.say(said.news);
  await me.question(said.news).first().waitFor();
  await look(nacre.page, 'task-question');
}

async function lookAtQuestion(launchNacre: Launch, look: Look, settings: Settings): Promise<void> {
  const said = words[settings.language];
  const locale = settings.language === 'zh' ? 'zh-CN' : 'en-GB';
  const unreachable = { fault: { code: 'model.unreachable', values: { host: 'x', reason: 'refused' }, retry: true } };
  const first = await launchNacre({ script: [unreachable], settings, locale });
  const before = createPerson(first, settings.language);
  await before.handOver(said.plan[0] ?? '');
  await expect(before.task(said.plan[0] ?? '')).toContainText(before.text('waiting.network'));
  await first.close();
  const states = ['done', 'done', 'doing', 'todo'] as const;
  const steps = said.plan.map((text, at) => ({ text, state: states[at] }));
  const plan = { steps, constraints: [said.rule], obligations: [{ text: said.owed, open: true }], checks: [{ type: 'count', files: 'sorted/*', least: 20 }] };
  parkOnBudget(first.data, { sentence: said.sentence, report: said.report, plan, budget: { tokens: 9000, minutes: 30 } });
  const { page, evaluate } = await launchNacre({ data: first.data, locale });
  const me = createPerson({ page, evaluate }, settings.language);
  const card = me.task(said.plan[0] ?? '');
  await card.getByRole('button', { name: me.text('task.details') }).click();
  await expect(card).toContainText(said.rule);
  await look(page, 'task-budget');
  await page
    .getByRole('button', { name: me.text('list.tasks') })
    .first()
    .click();
  const inPanel = page.getByRole('dialog').getByRole('region', { name: me.text('task.label', { goal: said.plan[0] ?? '' }) });
  await inPanel.getByRole('button', { name: me.text('task.details') }).click();
  await expect(inPanel).toContainText(me.text('task.noUnasked'));
  await look(page, 'task-card');
}
