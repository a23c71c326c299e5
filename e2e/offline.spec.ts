// No network, by choice or by circumstance: everything here still works, and what can't says so.
import { expect } from 'playwright/test';
import { test } from './launch.ts';
import { createPerson } from './person.ts';

test('told to stay offline, Nacre contacts nobody and says so; the Starter works', async ({ launchNacre }) => {
  const nacre = await launchNacre({ settings: { offline: true } });
  const me = createPerson(nacre);
  await expect(nacre.page.getByText(me.text('start.offline'))).toBeVisible();
  await nacre.page.getByRole('textbox', { name: me.text('remote.address'), exact: true }).fill('https://models.example/v1');
  await nacre.page.getByRole('textbox', { name: me.text('remote.model'), exact: true }).fill('any');
  await me.button('remote.connect').click();
  await expect(nacre.page.getByText('Nacre is set to offline, so models.example was not contacted.')).toBeVisible();
  await me.button('start.starterButton').click();
  await me.say('Hello');
  await expect(me.answers).toContainText('What can I do for you?');
});

test('a model that can not be fetched is named with the reason, and can be tried again', async ({ launchNacre }) => {
  const nacre = await launchNacre({ env: { HF_ENDPOINT: 'http://127.0.0.1:9' } });
  const me = createPerson(nacre);
  await nacre.page.getByRole('textbox', { name: me.text('local.source') }).fill('hf:someone/some-model:Q4_K_M');
  await me.button('local.fetch').click();
  await expect(nacre.page.getByText('127.0.0.1:9')).toBeVisible();
  await expect(me.button('start.starterButton')).toBeEnabled();
});

test('an address that is none is refused before anything is contacted', async ({ launchNacre }) => {
  const nacre = await launchNacre();
  const me = createPerson(nacre);
  await nacre.page.getByRole('textbox', { name: me.text('local.source') }).fill('not an address');
  await me.button('local.fetch').click();
  await expect(nacre.page.getByText('"not an address" is neither a .gguf file, an https:// address, nor hf:owner/repo:quant.')).toBeVisible();
});
