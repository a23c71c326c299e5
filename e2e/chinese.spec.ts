// In a Chinese window everything that Nacre itself says is Chinese: why a form is refused, what checks found, why a task stands still.
import { expect, type Locator, type Page } from 'playwright/test';
import { test } from './launch.ts';
import { answerDialog, createPerson, type Person } from './person.ts';

const chinese = { settings: { language: 'zh' }, locale: 'zh-CN' } as const;
const field = (me: Person, form: Locator, key: string): Locator => form.getByRole('textbox', { name: me.text(key), exact: true });
const write = (path: string, content: string) => ({ calls: [{ tool: 'write_file', arguments: { path, content } }] });

async function openForm(me: Person, page: Page): Promise<Locator> {
  await page.keyboard.press('Control+t');
  const form = page.getByRole('dialog');
  await field(me, form, 'form.goal').fill('整理信件');
  return form;
}

test('what the form of a task can not read is said in Chinese', async ({ launchNacre }) => {
  const nacre = await launchNacre(chinese);
  const me = createPerson(nacre, 'zh');
  const form = await openForm(me, nacre.page);
  const refused = form.getByRole('alert');
  await field(me, form, 'form.checks').fill('列出所有信件');
  await expect(refused).toHaveText(/^看不懂“列出所有信件”这个检查。/);
  await field(me, form, 'form.checks').fill('file a matches (');
  await expect(refused).toHaveText(/不是正则表达式/);
  await field(me, form, 'form.checks').fill('');
  await field(me, form, 'form.grants').fill('写文件');
  await expect(refused).toHaveText(/^看不懂“写文件”这条许可。/);
  await field(me, form, 'form.grants').fill('write_file:../*');
  await form.getByRole('button', { name: me.text('form.way.now') }).click();
  await nacre.page.getByRole('option', { name: me.text('form.way.cron') }).click();
  await field(me, form, 'form.typed.cron').fill('0 0 31 2 *');
  await expect(refused).toHaveText('模式“0 0 31 2 *”永远不会到来：没有这样的日期。');
  await field(me, form, 'form.typed.cron').fill('0 9 * * *');
  await expect(refused).toHaveCount(0);
  await form.getByRole('button', { name: me.text('form.add') }).click();
  await expect(refused).toHaveText('write_file 的许可只在文件夹内有效，但还没有选文件夹。请选一个。');
  await field(me, form, 'form.grants').fill('');
  await form
    .getByRole('spinbutton')
    .or(field(me, form, 'form.unit.minutes'))
    .first()
    .fill('2000000');
  await form.getByRole('button', { name: me.text('form.add') }).click();
  await expect(refused).toHaveText('budget.minutes 太长或太大：最多 1000000。');
});

test('what the checks found, and why a task failed, is said in Chinese', async ({ launchNacre, folder }) => {
  const nacre = await launchNacre({ ...chinese, script: [{ text: '好了。' }, { text: '真的好了。' }, { text: '请相信我。' }] });
  const me = createPerson(nacre, 'zh');
  await answerDialog(nacre.evaluate, folder);
  const form = await openForm(me, nacre.page);
  await form.getByRole('button', { name: me.text('folder.choose') }).click();
  await field(me, form, 'form.checks').fill('file letters.txt\ncount *.md 2+\nrun exit 3');
  await form.getByRole('button', { name: me.text('form.add') }).click();
  const report = me.thread.getByRole('region', { name: me.text('report.label') });
  await expect(report).toContainText('没有 letters.txt 这个文件。');
  await expect(report).toContainText('有 0 个文件匹配 *.md，至少应有 2 个。');
  await expect(report).toContainText('退出码 3');
  await expect(me.task('整理信件')).toContainText('检查连续 3 次没有通过，任务以失败结束。');
  await nacre.page.screenshot({ path: 'e2e/shots/chinese-report.png' });
});

test('why a task stands still, and how far it is, is said in Chinese, in the list of conversations too', async ({ launchNacre, folder }) => {
  const plan = { calls: [{ tool: 'update_plan', arguments: { steps: ['1 [done] 读信', '写清单'] } }] };
  const nacre = await launchNacre({ ...chinese, script: [plan, { ...write('a.txt', 'x'), repeat: 50 }] });
  const me = createPerson(nacre, 'zh');
  await answerDialog(nacre.evaluate, folder);
  const form = await openForm(me, nacre.page);
  await form.getByRole('button', { name: me.text('folder.choose') }).click();
  await field(me, form, 'form.grants').fill('write_file');
  await form.getByRole('button', { name: me.text('form.add') }).click();
  const question = me.question('模型连续 5 次请求同一个操作（write_file），结果都一样。').first();
  for (const heading of ['目前的改动：', '计划：']) await expect(question).toContainText(heading);
  await expect(question).not.toContainText('so far');
  await nacre.page.screenshot({ path: 'e2e/shots/chinese-parked.png' });
});

test('a message that could not be answered says why in the list of conversations', async ({ launchNacre }) => {
  const nacre = await launchNacre({ ...chinese, script: [{ fault: { code: 'model.context-full', values: { needed: 9000, limit: 8000 } } }] });
  const me = createPerson(nacre, 'zh');
  await me.say('你好');
  await expect(me.row('你好')).toContainText('这个对话需要 9000 个词元');
});
