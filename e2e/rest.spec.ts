// Work in the background waits while it should: on battery, in quiet hours. The card says why, and chat goes on.
import { expect } from 'playwright/test';
import { type Nacre, test } from './launch.ts';
import { createPerson } from './person.ts';

const script = [
  { when: 'Goal: tidy', lines: [{ text: 'All tidy.' }] },
  { when: 'hello', lines: [{ text: 'Here I am.' }] },
];

/** What the system says of its power, from now on. */
async function unplug({ evaluate }: Nacre, onBattery: boolean): Promise<void> {
  await evaluate(({ powerMonitor }, battery) => {
    powerMonitor.isOnBatteryPower = () => battery;
    powerMonitor.emit(battery ? 'on-battery' : 'on-ac');
  }, onBattery);
}

for (const language of ['en', 'zh'] as const)
  test(`on battery a task waits and says why, chat answers, and on mains the task goes on (${language})`, async ({ launchNacre }) => {
    const nacre = await launchNacre({ script, settings: { language }, locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
    const me = createPerson(nacre, language);
    await unplug(nacre, true);
    await me.handOver('tidy');
    await expect(me.task('tidy')).toContainText(me.text('rest.battery'));
    await me.say('hello');
    await expect(me.answers).toContainText('Here I am.');
    await nacre.page.screenshot({ path: `e2e/shots/rest-battery-${language}-light.png` });
    await unplug(nacre, false);
    await expect(me.task('tidy')).toContainText(me.text('task.done'));
    await expect(me.answers.last()).toContainText('All tidy.');
  });

for (const [language, theme] of [
  ['en', 'light'],
  ['zh', 'dark'],
] as const)
  test(`quiet hours are set in the window, kept, and held (${language}, ${theme})`, async ({ launchNacre }) => {
    const nacre = await launchNacre({ script, settings: { language, theme }, locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
    const me = createPerson(nacre, language);
    const { page } = nacre;
    await me.button('list.settings').click();
    await page.getByRole('switch', { name: me.text('settings.quietHours') }).click({ force: true });
    await page.getByLabel(me.text('settings.quiet.from'), { exact: true }).fill('00:00');
    await page.getByLabel(me.text('settings.quiet.to'), { exact: true }).fill('23:59');
    await expect(page.getByLabel(me.text('settings.quiet.to'), { exact: true })).toHaveValue('23:59');
    await page.getByLabel(me.text('settings.quiet.to'), { exact: true }).scrollIntoViewIfNeeded();
    await page.screenshot({ path: `e2e/shots/rest-settings-${language}-${theme}.png` });
    await page.keyboard.press('Escape');
    await me.handOver('tidy');
    await expect(me.task('tidy')).toContainText(me.text('rest.quiet'));
    await me.button('list.settings').click();
    await page.getByRole('switch', { name: me.text('settings.quietHours') }).click({ force: true });
    await page.keyboard.press('Escape');
    await expect(me.task('tidy')).toContainText(me.text('task.done'));
  });
