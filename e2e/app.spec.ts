// The app on the desktop: one instance, a window that comes and goes, work that goes on without it, and a plain sentence where it can't start.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { endOf, type Nacre, startAlone, test } from './launch.ts';
import { createPerson } from './person.ts';

const slowly = Array.from({ length: 60 }, (_, at) => `word${at}`).join(' ');

test('closing the window while nothing is going on ends the app, and the window comes back where it was', async ({ launchNacre }) => {
  const first = await launchNacre();
  await first.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.setBounds({ x: 40, y: 50, width: 900, height: 650 });
    window?.close();
  }, null);
  expect(await first.ended).toBe(0);
  expect(JSON.parse(readFileSync(join(first.data, 'window.json'), 'utf8'))).toMatchObject({ width: 900, height: 650 });

  const again = await launchNacre({ data: first.data });
  expect(await again.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds(), null)).toMatchObject({ width: 900, height: 650 });
});

test('closing the window while Nacre works only hides it; starting Nacre once more shows it again', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script: [{ text: `${slowly} finished`, delayMs: 120 }] });
  const me = createPerson(nacre);
  await me.say('take your time');
  await expect(me.answers).toContainText('word1');
  await nacre.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close(), null);
  expect(await isVisible(nacre)).toBe(false);
  expect(await endOf(startAlone(nacre.data))).toBe(0);
  await expect.poll(() => isVisible(nacre)).toBe(true);
  await expect(me.answers).toContainText('finished', { timeout: 30_000 });
});

test('a task that ends while the person looks elsewhere is told by a notification, which opens its conversation', async ({ launchNacre }) => {
  const nacre = await launchNacre({
    script: [
      { when: 'work', lines: [{ text: `${slowly} all sorted`, delayMs: 60 }] },
      { when: 'hello', lines: [{ text: 'Hello.' }] },
    ],
  });
  const me = createPerson(nacre);
  await collectNotifications(nacre);
  await me.handOver('work on it');
  await me.beginConversation();
  await me.say('hello');
  await expect(me.answers).toContainText('Hello.');
  await nacre.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide(), null);
  await expect.poll(() => titlesShown(nacre), { timeout: 30_000 }).toContain('A task is done');
  await nacre.evaluate(() => (Reflect.get(globalThis, 'shown') as { emit(event: string): void }[]).at(-1)?.emit('click'), null);
  await expect(me.task('work on it')).toContainText(me.text('task.done'));
  expect(await isVisible(nacre)).toBe(true);
});

test('a question asked while the person looks elsewhere is told by a notification', async ({ launchNacre, folder }) => {
  const nacre = await launchNacre({
    script: [{ text: slowly, delayMs: 30, calls: [{ tool: 'write_file', arguments: { path: 'a.txt', content: 'a' } }] }, { text: 'Done.' }],
  });
  const me = createPerson(nacre);
  await collectNotifications(nacre);
  await me.chooseFolder(folder);
  await me.say('write it');
  await expect(me.answers).toContainText('word1');
  await nacre.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide(), null);
  await expect.poll(() => titlesShown(nacre), { timeout: 30_000 }).toEqual(['Nacre waits for your answer']);
});

test('a data folder that can not be used is named in a plain window, and the exit code is 1', async ({ launchNacre, folder }) => {
  const file = join(folder, 'not-a-folder');
  writeFileSync(file, '');
  const nacre = await launchNacre({ data: file });
  await expect(nacre.page.getByRole('main')).toContainText(`Nacre can not write to its data folder ${file}`);
  await nacre.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close(), null);
  expect(await nacre.ended).toBe(1);
});

function isVisible({ evaluate }: Nacre): Promise<boolean> {
  return evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false, null);
}

/** From now on notifications are gathered instead of shown. */
async function collectNotifications({ evaluate }: Nacre): Promise<void> {
  await evaluate(({ Notification }) => {
    const shown: unknown[] = [];
    Reflect.set(globalThis, 'shown', shown);
    Notification.prototype.show = function show() {
      shown.push(this);
    };
  }, null);
}

function titlesShown({ evaluate }: Nacre): Promise<readonly string[]> {
  return evaluate(() => (Reflect.get(globalThis, 'shown') as { title: string }[]).map(({ title }) => title), null);
}
