// The page of memory: what one said and asked to remember stands there, is found, leads to where it was said, is corrected, forgotten and brought back.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page } from 'playwright/test';
import { type Launch, type Nacre, test } from './launch.ts';
import { createLook } from './look.ts';
import { createPerson, type Language, type Person } from './person.ts';

const hostile = '<img src=x onerror="document.title=1"> **no** [link](javascript:1) \u202Egnihtemos';
const words = {
  en: {
    sister: 'remember that Joana is my sister',
    fact: 'Joana is the sister of the person.',
    corrected: 'Joana is a cousin of the person.',
    name: 'my name is Ana',
    line: 'Name: Ana',
    begun: 'cous',
  },
  zh: { sister: '记住乔安娜是我姐姐', fact: '乔安娜是用户的姐姐。', corrected: '乔安娜是用户的表姐。', name: '我叫安娜', line: '名字：安娜', begun: '表姐' },
};

type Room = { readonly nacre: Nacre; readonly page: Page; readonly me: Person; readonly panel: Locator; item(text: string): Locator };

async function begin(launchNacre: Launch, language: Language, settings: object = {}): Promise<Room> {
  const said = words[language];
  const call = (args: object) => ({ calls: [{ tool: 'memory', arguments: args }] });
  const script = [
    { when: said.sister, lines: [call({ remember: said.fact, about: 'Joana' }), { text: 'Noted.' }] },
    { when: said.name, lines: [call({ profile: said.line }), { text: 'Hello.' }] },
    { when: 'img', lines: [{ text: hostile }] },
  ];
  const nacre = await launchNacre({ script, settings: { language, ...settings }, locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
  const me = createPerson(nacre, language);
  const panel = nacre.page.getByRole('dialog', { name: me.text('memory.title') });
  return { nacre, page: nacre.page, me, panel, item: (text) => panel.getByRole('listitem').filter({ hasText: text }) };
}

async function tell({ me }: Room, language: Language): Promise<void> {
  await me.say(words[language].sister);
  await expect(me.answers).toContainText('Noted.');
  await me.beginConversation();
  await me.say(words[language].name);
  await expect(me.answers).toContainText('Hello.');
}

for (const language of ['en', 'zh'] as const) {
  test(`what one asked to remember stands on the page and leads to where it was said, in ${language}`, async ({ launchNacre }) => {
    const room = await begin(launchNacre, language);
    const { me, page, panel, item } = room;
    const said = words[language];
    await tell(room, language);
    await me.button('list.memory').click();
    await expect(panel.getByRole('listitem')).toHaveCount(6);
    await expect(item(said.line)).toContainText(me.text('memory.one.profile'));
    await panel.getByRole('radio', { name: me.text('memory.layer.fact') }).check({ force: true });
    await expect(panel.getByRole('listitem')).toHaveCount(1);
    await item(said.fact)
      .getByRole('button', { name: me.text('memory.why') })
      .click();
    await expect(panel).toBeHidden();
    await expect(me.thread).toContainText(said.sister);
    await expect(page.getByRole('row', { name: said.sister })).toHaveAttribute('aria-selected', 'true');
  });

  test(`a fact is corrected, found while one types, forgotten and brought back, by keyboard alone, in ${language}`, async ({ launchNacre }) => {
    const room = await begin(launchNacre, language);
    const { me, page, panel, item } = room;
    const said = words[language];
    await tell(room, language);
    await page.keyboard.press('ControlOrMeta+j');
    const search = panel.getByRole('searchbox', { name: me.text('memory.search') });
    await expect(search).toBeFocused();
    const edit = item(said.fact).getByRole('button', { name: me.text('memory.edit') });
    await tabTo(page, edit);
    await page.keyboard.press('Enter');
    const box = panel.getByRole('textbox', { name: me.text('memory.newText') });
    await expect(box).toBeFocused();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(said.corrected);
    await page.keyboard.press('Enter');
    await expect(item(said.corrected)).toBeVisible();
    await expect(item(said.fact)).toHaveAttribute('data-superseded', 'true');
    await expect(item(said.fact)).toContainText(me.text('memory.until', { day: '' }).trim());
    await search.focus();
    await page.keyboard.insertText(said.begun);
    await expect(panel.getByRole('listitem')).toHaveCount(1);
    await tabTo(page, item(said.corrected).getByRole('button', { name: me.text('memory.forget') }));
    await page.keyboard.press('Enter');
    await expect(item(said.corrected)).toBeHidden();
    await expect(search).toBeFocused();
    await page.keyboard.press('Escape'); // empties the box
    await expect(item(said.line)).toBeVisible();
    await expect(item(said.sister)).toBeHidden();
    await tabTo(page, panel.getByRole('button', { name: me.text('toast.undo') }));
    await page.keyboard.press('Enter');
    await expect(item(said.corrected)).toBeVisible();
    await expect(item(said.sister)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`the page can be read by everyone, wide and narrow, in ${language}, ${theme}`, async ({ launchNacre }) => {
      const look = createLook(language, theme);
      const room = await begin(launchNacre, language, { theme });
      const { nacre, me, page, panel, item } = room;
      const said = words[language];
      await tell(room, language);
      writeFileSync(join(nacre.data, 'old.jsonl'), JSON.stringify({ id: 'D1:2', at: '2023-05-08T13:56:00Z', author: 'Ben', text: 'kayak '.repeat(200) }));
      await page.setViewportSize({ width: 1100, height: 900 });
      await importLines(room, 'old.jsonl');
      await me.button('list.memory').click();
      await expect(item('kayak')).toBeVisible();
      await item(said.fact)
        .getByRole('button', { name: me.text('memory.edit') })
        .click();
      await look(page, 'memory-edit');
      await panel.getByRole('textbox', { name: me.text('memory.newText') }).fill(said.corrected);
      await panel.getByRole('button', { name: me.text('form.save') }).click();
      await expect(item(said.corrected)).toBeVisible();
      await item(said.name)
        .first()
        .getByRole('button', { name: me.text('memory.forget') })
        .click();
      await expect(page.getByRole('status', { name: me.text('toast.region') })).toContainText(said.name);
      await look(page, 'memory');
      await page.setViewportSize({ width: 480, height: 800 });
      await look(page, 'memory-narrow');
      await panel.getByRole('searchbox').fill('kayak');
      await expect(panel.getByRole('listitem')).toHaveCount(1);
      await look(page, 'memory-search');
    });
  }
}

test('what was forgotten comes back from the message at the edge of the window', async ({ launchNacre }) => {
  const room = await begin(launchNacre, 'en');
  const { me, page, panel, item } = room;
  await tell(room, 'en');
  await me.button('list.memory').click();
  await item(words.en.line)
    .getByRole('button', { name: me.text('memory.forget') })
    .click();
  await expect(item(words.en.line)).toBeHidden();
  await page
    .getByRole('status', { name: me.text('toast.region') })
    .getByRole('button', { name: me.text('toast.undo') })
    .click();
  await expect(item(words.en.line)).toBeVisible();
  await expect(panel).toBeVisible();
});

test('a fact moves to the profile, where it is always in view', async ({ launchNacre }) => {
  const room = await begin(launchNacre, 'en');
  const { me, panel, item } = room;
  await tell(room, 'en');
  await me.button('list.memory').click();
  await item(words.en.fact)
    .getByRole('button', { name: me.text('memory.pin') })
    .click();
  await panel.getByRole('radio', { name: me.text('memory.layer.profile') }).check({ force: true });
  await expect(item(words.en.fact)).toContainText(me.text('memory.one.profile'));
});

test('whatever a text holds, it is shown as text', async ({ launchNacre }) => {
  const { me, page, item } = await begin(launchNacre, 'en');
  await me.say(hostile);
  await expect(me.answers).toBeVisible();
  await me.button('list.memory').click();
  await expect(item(hostile)).toHaveCount(2);
  await expect(page.getByRole('dialog').locator('img, strong, a')).toHaveCount(0);
  expect(await page.title()).toBe('Nacre');
});

test('many messages come a page at a time', async ({ launchNacre }) => {
  const room = await begin(launchNacre, 'en');
  const { nacre, me, panel, item } = room;
  const lines = Array.from({ length: 120 }, (_, at) =>
    JSON.stringify({ id: `n${at}`, at: Date.UTC(2024, 0, 1, 0, at), author: 'Ben', text: `line ${at} of many` }),
  );
  writeFileSync(join(nacre.data, 'many.jsonl'), lines.join('\n'));
  await importLines(room, 'many.jsonl');
  await me.button('list.memory').click();
  await expect(panel.getByRole('listitem')).toHaveCount(50);
  await me.button('memory.older').click();
  await expect(panel.getByRole('listitem')).toHaveCount(100);
  await me.button('memory.older').click();
  await expect(panel.getByRole('listitem')).toHaveCount(120);
  await expect(me.button('memory.older')).toBeHidden();
  await item('line 0 of many')
    .getByRole('button', { name: me.text('memory.forget') })
    .click();
  await expect(panel.getByRole('listitem')).toHaveCount(119);
});

/** As the command line does. */
async function importLines({ nacre, page }: Room, file: string): Promise<void> {
  await page.evaluate(
    async (path) => {
      const { nacre: bridge } = window as unknown as { nacre: { request(name: string, payload: object): Promise<unknown> } };
      await bridge.request('memory.import', { file: path });
    },
    join(nacre.data, file),
  );
}

/** By Tab alone, as far as it takes. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('the keyboard does not get there');
}
