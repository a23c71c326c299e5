// Work handed over in the form: checked, reported, edited; and a question about the work itself.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator } from 'playwright/test';
import { test } from './launch.ts';
import { answerDialog, createPerson, type Person } from './person.ts';

const write = (path: string, content: string) => ({ calls: [{ tool: 'write_file', arguments: { path, content } }] });
const field = (me: Person, form: Locator, key: string): Locator => form.getByRole('textbox', { name: me.text(key), exact: true });

test('a task written in the form fails its check, goes on, succeeds, and reports what it did', async ({ launchNacre, folder }) => {
  writeFileSync(join(folder, 'list.txt'), 'eggs\nmilk\n');
  const lines = [write('list.txt', 'eggs\n'), { text: 'It is done.' }, write('list.txt', 'eggs\nbread\n'), { text: 'Now there is bread.' }];
  const nacre = await launchNacre({ script: [{ when: 'Buy bread', lines }] });
  const me = createPerson(nacre);
  await answerDialog(nacre.evaluate, folder);
  await me.button('list.tasks').click();
  await me.button('tasks.new').click();
  const form = nacre.page.getByRole('dialog');
  await field(me, form, 'form.goal').fill('Buy bread');
  await form.getByRole('button', { name: me.text('folder.choose') }).click();
  await field(me, form, 'form.checks').fill('looks nice');
  await expect(form.getByRole('alert')).toContainText('"looks nice" is no check that could be read');
  await field(me, form, 'form.checks').fill('file list.txt matches ^bread$');
  await expect(form.getByRole('alert')).toBeHidden();
  await field(me, form, 'form.checks').press('Control+Enter');
  await expect(form).toBeHidden();
  await me
    .question('list.txt')
    .getByRole('button', { name: me.text('approval.task') })
    .click();
  await expect(me.answers).toContainText('Now there is bread.');
  const card = me.task('Buy bread');
  await expect(card).toContainText(me.text('task.checksPassed', { passed: 1, total: 1 }));
  await card.getByRole('button', { name: me.text('task.details') }).click();
  await expect(card).toContainText('file list.txt matches ^bread$');
  const report = me.thread.getByRole('region', { name: me.text('report.label') });
  await expect(report).toContainText('list.txt matches /^bread$/.');
  await report.getByRole('button', { name: 'list.txt' }).click();
  await expect(report.locator('.diff-removed')).toContainText('milk');
  await expect(report.locator('.diff-added')).toContainText('bread');
});

test('a schedule that the assistant asks for is edited before it is added, and the assistant is told', async ({ launchNacre, folder }) => {
  const asked = { tool: 'schedule_task', arguments: { goal: 'Read the news', cron: '0 9 * * *', checks: ['file news.txt'] } };
  const lines = [{ calls: [asked] }, { text: 'At eight, then.', expect: { last: 'the person changed it' } }];
  const nacre = await launchNacre({ script: [{ when: 'every morning', lines }] });
  const me = createPerson(nacre);
  await me.chooseFolder(folder);
  await me.say('Read me the news every morning');
  await expect(me.question('Read the news')).toContainText('file news.txt');
  await me
    .question('Read the news')
    .getByRole('button', { name: me.text('approval.edit') })
    .click();
  const form = nacre.page.getByRole('dialog');
  await expect(field(me, form, 'form.goal')).toHaveValue('Read the news');
  await field(me, form, 'form.typed.cron').fill('0 8 * * *');
  await expect(form).toContainText('every day at 08:00');
  await form.getByRole('button', { name: me.text('form.add') }).click();
  await expect(me.task('Read the news')).toContainText('every day at 08:00');
  await expect(me.answers).toContainText('At eight, then.');
  await expect(me.question('Read the news')).toHaveCount(0);
});

test('a task is edited from its card; what is not touched keeps its rhythm', async ({ launchNacre }) => {
  const nacre = await launchNacre({
    script: [{ calls: [{ tool: 'schedule_task', arguments: { goal: 'Water the plants', every: '2h' } }] }, { text: 'Planned.' }],
  });
  const me = createPerson(nacre);
  await me.say('water them');
  await me.allow('Water the plants');
  const card = me.task('Water the plants');
  const before = await card.locator('.task-when').textContent();
  await card.getByRole('button', { name: me.text('task.more') }).click();
  await nacre.page.getByRole('menuitem', { name: me.text('task.edit') }).click();
  const form = nacre.page.getByRole('dialog');
  await nacre.page.setViewportSize({ width: 480, height: 800 });
  await nacre.page.screenshot({ path: 'e2e/shots/task-form-narrow.png' });
  expect(await form.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  await field(me, form, 'form.goal').fill('Water all plants');
  await form.getByRole('button', { name: me.text('form.save') }).click();
  await expect(me.task('Water all plants').locator('.task-when')).toHaveText(before ?? '');
});

test('a task that has spent its budget asks once, with its report, and goes on when the person lets it', async ({ launchNacre, folder }) => {
  const nacre = await launchNacre({ script: [{ when: 'Sort the letters', lines: [write('sorted.txt', 'a'), { text: 'All sorted.' }] }] });
  const me = createPerson(nacre);
  await answerDialog(nacre.evaluate, folder);
  await nacre.page.keyboard.press('Control+t');
  const form = nacre.page.getByRole('dialog');
  await field(me, form, 'form.goal').fill('Sort the letters');
  await form.getByRole('button', { name: me.text('folder.choose') }).click();
  await field(me, form, 'form.grants').fill('write_file:*.txt');
  await field(me, form, 'form.unit.steps').fill('1');
  await form.getByRole('button', { name: me.text('form.add') }).click();
  const question = nacre.page.getByRole('group').filter({ has: nacre.page.getByRole('heading', { name: me.text('approval.budget') }) });
  await question.waitFor();
  await nacre.page.screenshot({ path: 'e2e/shots/task-budget-real.png' });
  await question.getByRole('button', { name: me.text('approval.goOn') }).click();
  await expect(me.answers).toContainText('All sorted.');
  await expect(question).toHaveCount(0);
  await me
    .task('Sort the letters')
    .getByRole('button', { name: me.text('task.details') })
    .click();
  await expect(me.task('Sort the letters')).toContainText('write_file sorted.txt');
});
