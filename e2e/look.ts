// Looks at a screen: a picture in e2e/shots/, and no accessibility violation in it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';
import type { Language } from './person.ts';

const shots = join(import.meta.dirname, 'shots');

export type Look = (page: Page, screen: string) => Promise<void>;

/** Takes the picture first, so that a violation can be looked at. */
export function createLook(language: Language, theme: string): Look {
  mkdirSync(shots, { recursive: true });
  return async (page, screen) => {
    await settle(page);
    await page.screenshot({ path: join(shots, `${screen}-${language}-${theme}.png`), animations: 'disabled' });
    // Without the legacy mode axe would open a page of its own, which a window of ours refuses.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`));
    expect.soft(found, `the screen "${screen}"`).toEqual([]);
  };
}

/** What fades in is measured when it is there. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
}
