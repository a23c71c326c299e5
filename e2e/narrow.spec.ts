// A narrow window: the list is a drawer that the keyboard opens, walks and leaves.
import { expect } from 'playwright/test';
import { test } from './launch.ts';
import { createPerson } from './person.ts';

test('the drawer takes the keyboard, and Escape closes it without stopping the answer', async ({ launchNacre }) => {
  const slowly = Array.from({ length: 80 }, (_, at) => `word${at}`).join(' ');
  const { page, evaluate } = await launchNacre({ script: [{ text: slowly, delayMs: 150 }] });
  const me = createPerson({ page, evaluate });
  await page.setViewportSize({ width: 480, height: 800 });
  await me.say('start');
  await expect(me.answers).toContainText('word1');
  await me.button('pane.showList').focus();
  await page.keyboard.press('Enter');
  await expect(me.button('list.search')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(me.button('list.search')).toBeHidden();
  await expect(me.button('pane.showList')).toBeFocused();
  await expect(me.button('composer.stop')).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter'); // on the conversation
  await expect(me.button('list.search')).toBeHidden();
  await expect(me.box).toBeFocused();
});

test('a toast leaves what one writes with uncovered, stays while it is looked at, and then goes by itself', async ({ launchNacre }) => {
  const { page, evaluate } = await launchNacre({ script: [{ text: 'Hello.' }] });
  const me = createPerson({ page, evaluate });
  await me.say('start');
  await expect(me.answers).toContainText('Hello.');
  await me.row('start').focus();
  await page.keyboard.press('Delete');
  const undo = me.button('toast.undo');
  await undo.waitFor();
  // Between two conversations there is nothing to write with for a moment.
  await expect(async () => {
    const [toast, box] = [await undo.boundingBox(), await page.getByRole('region', { name: me.text('composer.region') }).boundingBox()];
    expect((toast?.y ?? 0) + (toast?.height ?? 0)).toBeLessThan(box?.y ?? 0);
  }).toPass();
  await undo.hover();
  await page.waitForTimeout(10_000);
  await expect(undo).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(undo).toBeHidden({ timeout: 15_000 });
});
