// Keeping order: names, deleting and taking it back, finding again, editing what was said.
import { expect } from 'playwright/test';
import { test } from './launch.ts';
import { createPerson } from './person.ts';

const script = [
  { when: 'apples', lines: [{ text: 'Apples are fruit.' }] },
  { when: 'pears', lines: [{ text: 'Pears are fruit, too.' }] },
];

test('a conversation is renamed, deleted, and brought back', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script });
  const me = createPerson(nacre);
  await me.say('about apples');
  await expect(me.answers).toContainText('Apples are fruit.');
  await me.row('about apples').focus();
  await nacre.page.keyboard.press('F2');
  await nacre.page.getByRole('textbox', { name: me.text('rename.label') }).fill('The fruit talk');
  await me.button('rename.save').click();
  await expect(me.row('The fruit talk')).toBeVisible();
  await me.row('The fruit talk').focus();
  await nacre.page.keyboard.press('Delete');
  await expect(me.row('The fruit talk')).toBeHidden();
  await me.button('toast.undo').click();
  await me.row('The fruit talk').click();
  await expect(me.answers).toContainText('Apples are fruit.');
});

test('a conversation is found by what was said in it', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script });
  const me = createPerson(nacre);
  await me.say('about apples');
  await expect(me.answers).toContainText('Apples are fruit.');
  await me.beginConversation();
  await me.say('about pears');
  await expect(me.answers).toContainText('Pears are fruit');
  await nacre.page.keyboard.press('ControlOrMeta+k');
  await nacre.page.getByRole('searchbox').fill('apples');
  await nacre.page.getByRole('option', { name: 'about apples' }).first().click();
  await expect(me.answers).toContainText('Apples are fruit.');
});

test('a message is edited and sent again, and what came after it makes way', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script });
  const me = createPerson(nacre);
  await me.say('about apples');
  await expect(me.answers).toContainText('Apples are fruit.');
  await me.button('said.edit').click();
  await expect(me.box).toHaveValue('about apples');
  await me.say('about pears');
  await expect(me.answers).toContainText('Pears are fruit');
  await expect(me.thread).not.toContainText('apples');
  await expect(me.answers).toHaveCount(1);
});

test('Enter that only ends a composition does not send', async ({ launchNacre }) => {
  const nacre = await launchNacre({ script });
  const me = createPerson(nacre);
  const keyboard = await nacre.page.context().newCDPSession(nacre.page);
  await me.box.focus();
  await keyboard.send('Input.imeSetComposition', { text: '苹果', selectionStart: 2, selectionEnd: 2 });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 });
  await keyboard.send('Input.insertText', { text: '苹果 apples' });
  await expect(me.box).toHaveValue('苹果 apples');
  await expect(me.answers).toHaveCount(0);
  await me.box.press('Enter');
  await expect(me.answers).toContainText('Apples are fruit.');
});
