import { expect } from 'playwright/test';
import { test } from './launch.ts';

test('look', async ({ launchNacre }) => {
  const { page } = await launchNacre();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: '/tmp/try/shot.png' });
  console.log(await page.locator('body').ariaSnapshot());
  expect(1).toBe(1);
});
