// Chatting: ask, watch the answer come, stop it, and find everything again later.
import { expect, type Page } from 'playwright/test';
import { test } from './launch.ts';
import { createPerson } from './person.ts';

const words = Array.from({ length: 60 }, (_, at) => `word${at}`).join(' ');

test('a question is answered piece by piece, and the indicator says what is going on', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script: [{ text: `${words} **the end**`, delayMs: 15 }] });
  const me = createPerson(nacre);
  await me.say('Tell me something long');
  await expect(me.answers).toContainText('word3');
  await expect(me.answers).toHaveAttribute('aria-busy', 'true');
  await expect(me.button('composer.stop')).toBeVisible();
  await expect(me.answers.getByText('the end')).toBeVisible();
  await expect(me.button('composer.stop')).toBeHidden();
  await expect(me.box).toBeFocused();
});

test('Stop ends an answer midway, and the next message is answered as usual', async ({ launchNacre }) => {
  const nacre = await launchNacre({
    script: [
      { when: 'long', lines: [{ text: `${words} ${words} the end`, delayMs: 60 }] },
      { when: 'short', lines: [{ text: 'Here you are.' }] },
    ],
  });
  const me = createPerson(nacre);
  await me.say('Tell me something long');
  await expect(me.answers).toContainText('word3');
  await me.button('composer.stop').click();
  await expect(me.answers).toContainText(me.text('answer.stopped'));
  await expect(me.answers).toContainText('word3');
  await expect(me.answers).not.toContainText('the end');
  await expect(me.button('composer.stop')).toBeHidden();
  await me.say('Then something short');
  await expect(me.answers.last()).toContainText('Here you are.');
});

test('two conversations are answered at once, and the one out of sight shows that it has news', async ({ launchNacre }) => {
  const nacre = await launchNacre({
    script: [
      { when: 'slow', lines: [{ text: `${words} slow end`, delayMs: 40 }] },
      { when: 'quick', lines: [{ text: 'A quick answer.' }] },
    ],
  });
  const me = createPerson(nacre);
  await me.say('the slow one');
  await expect(me.answers).toContainText('word1');
  await me.beginConversation();
  await me.say('the quick one');
  await expect(me.answers).toContainText('A quick answer.');
  await expect(me.row(`the slow one, ${me.text('list.unread_one', { count: 1 })}`)).toBeVisible();
  await me.row('the slow one').click();
  await expect(me.answers).toContainText('slow end');
  await expect(me.row(me.text('list.unread_one', { count: 1 }))).toBeHidden();
});

test('messages, answers and an unfinished draft are there again after a restart', async ({ launchNacre }) => {
  const first = await launchNacre({ script: [{ text: 'Remembered.' }] });
  const before = createPerson(first);
  await before.say('Keep this');
  await expect(before.answers).toContainText('Remembered.');
  await before.box.fill('a thought that is not');
  await expect.poll(() => draftsOf(first.page)).toEqual(['a thought that is not']);
  expect(await first.close()).toBe(0);

  const again = await launchNacre({ data: first.data });
  const after = createPerson(again);
  await expect(after.thread.getByRole('article', { name: after.text('said.label') })).toContainText('Keep this');
  await expect(after.answers).toContainText('Remembered.');
  await expect(after.box).toHaveValue('a thought that is not');
});

test('a message survives a SIGKILL right after it was accepted', async ({ launchNacre }) => {
  const first = await launchNacre({ script: [{ text: `${words} answered`, delayMs: 100 }] });
  const before = createPerson(first);
  await before.say('Do not lose me');
  await expect(before.answers).toContainText('word1');
  await first.kill();

  const again = await launchNacre({ data: first.data, script: [{ text: 'answered after all' }] });
  const after = createPerson(again);
  await expect(after.thread).toContainText('Do not lose me');
  await expect(after.answers).toContainText('answered after all');
});

/** What the assistant has kept of unfinished messages. */
function draftsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const nacre = Reflect.get(window, 'nacre') as { request(name: string, payload: object): Promise<{ value: { conversations: { draft: string }[] } }> };
    return (await nacre.request('conversation.list', {})).value.conversations.map((each) => each.draft);
  });
}
