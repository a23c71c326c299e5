// Every screen in English and Chinese, light and dark: without an accessibility violation, and as a picture in e2e/shots/.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from 'playwright/test';
import { type Launch, type Nacre, test } from './launch.ts';
import { createLook, type Look } from './look.ts';
import { createPerson, type Language, type Person } from './person.ts';

const markdown = {
  en: '## A mortgage in one table\n\nYou borrow, you pay **interest**, and what you pay back makes the rest smaller.\n\n| Year | Interest | Paid back |\n| --- | ---: | ---: |\n| 1 | 3,000 | 2,400 |\n| 2 | 2,928 | 2,472 |\n\n```python\ndef rest(loan, rate, paid):\n    return loan * (1 + rate) - paid  # after one year\n```\n\nThe rate is $r = \\frac{i}{12}$, and after $n$ months\n\n$$R_n = L\\,(1+r)^n - p\\,\\frac{(1+r)^n - 1}{r}$$\n',
  zh: '## 一张表看懂房贷\n\n你借钱、付**利息**，每次还款都会让余额变小。\n\n| 年份 | 利息 | 本金 |\n| --- | ---: | ---: |\n| 1 | 3,000 | 2,400 |\n| 2 | 2,928 | 2,472 |\n\n```python\ndef rest(loan, rate, paid):\n    return loan * (1 + rate) - paid  # 一年之后\n```\n\n月利率为 $r = \\frac{i}{12}$，$n$ 个月后余额为\n\n$$R_n = L\\,(1+r)^n - p\\,\\frac{(1+r)^n - 1}{r}$$\n',
};
const words = {
  en: {
    ask: 'Explain how a mortgage works, with a small table',
    write: 'Change the shopping list',
    work: 'Sort the notes in this folder',
    thanks: 'It is changed.',
    sorted: 'Three notes, all in order.',
  },
  zh: { ask: '用一张小表解释房贷', write: '修改购物清单', work: '整理这个文件夹里的笔记', thanks: '已修改。', sorted: '三条笔记，都整理好了。' },
};

for (const language of ['en', 'zh'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`every screen can be read by everyone, in ${language}, ${theme}`, async ({ launchNacre, folder }) => {
      test.setTimeout(180_000);
      const look = createLook(language, theme);
      await lookAtStart(launchNacre, look, language, theme);
      writeFileSync(join(folder, 'list.txt'), 'eggs\nmilk\n');
      await lookAtWork(launchNacre, look, folder, language, theme);
    });
  }
}

async function lookAtStart(launchNacre: Launch, look: Look, language: Language, theme: string): Promise<void> {
  const nacre = await launchNacre({ settings: { language, theme }, locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
  const me = createPerson(nacre, language);
  await nacre.page.getByRole('heading', { name: me.text('start.title') }).waitFor();
  await look(nacre.page, 'start');
}

async function lookAtWork(launchNacre: Launch, look: Look, folder: string, language: Language, theme: string): Promise<void> {
  const said = words[language];
  const script = [
    { when: said.ask, lines: [{ text: markdown[language] }] },
    { when: said.write, lines: [{ calls: [{ tool: 'write_file', arguments: { path: 'list.txt', content: 'eggs\nbread\n' } }] }, { text: said.thanks }] },
    { when: said.work, lines: [{ calls: [{ tool: 'list_files', arguments: { path: '.' } }] }, { text: said.sorted }] },
  ];
  const nacre = await launchNacre({ script, settings: { language, theme }, locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
  const me = createPerson(nacre, language);
  await lookAtThread(nacre, me, look, folder, said);
  await lookAtPanels(nacre.page, me, look);
}

async function lookAtThread({ page }: Nacre, me: Person, look: Look, folder: string, said: (typeof words)['en']): Promise<void> {
  await me.box.waitFor();
  await look(page, 'blank');
  await me.say(said.ask);
  await expect(me.answers).toContainText('2,928');
  await look(page, 'answer');
  await me.beginConversation();
  await me.chooseFolder(folder);
  await me.say(said.write);
  await me.question('list.txt').waitFor();
  await look(page, 'approval');
  await me.allow('list.txt');
  await expect(me.answers).toContainText(said.thanks);
  await me.handOver(said.work);
  await expect(me.task(said.work)).toContainText(me.text('task.done'));
  await expect(me.answers.last()).toContainText(said.sorted);
  await look(page, 'task');
}

async function lookAtPanels(page: Page, me: Person, look: Look): Promise<void> {
  const close = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  };
  await me.button('list.search').click();
  await page.getByRole('searchbox').fill('list');
  await page.getByRole('option').first().waitFor();
  await look(page, 'search');
  await page.keyboard.press('Escape'); // empties the box
  await close();
  for (const [key, screen] of [
    ['list.tasks', 'tasks'],
    ['list.keys', 'keys'],
    ['list.settings', 'settings'],
  ] as const) {
    await me.button(key).click();
    await page.getByRole('dialog').waitFor();
    await look(page, screen);
    if (screen === 'settings') await lookAtModels(page, me, look);
    await close();
  }
}

async function lookAtModels(page: Page, me: Person, look: Look): Promise<void> {
  await page.getByRole('tab', { name: me.text('settings.models') }).click();
  await look(page, 'models');
}
