// The first start: three ways on, and a clear sentence where one of them does not work out.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { fixturePath } from './fixture/make.ts';
import { test } from './launch.ts';
import { answerDialog, createPerson } from './person.ts';

test('the Starter answers at once and says what it is', async ({ launchNacre }) => {
  const nacre = await launchNacre();
  const me = createPerson(nacre);
  await expect(nacre.page.getByRole('heading', { name: me.text('start.title') })).toBeVisible();
  await me.button('start.starterButton').click();
  await me.say('Who are you?');
  await expect(me.answers).toContainText('the small model that comes with Nacre');
});

test('a file that is no model is refused with the reason, and nothing else changes', async ({ launchNacre, folder }) => {
  const noise = join(folder, 'noise.gguf');
  writeFileSync(noise, Buffer.alloc(2048, 7));
  const nacre = await launchNacre();
  const me = createPerson(nacre);
  await answerDialog(nacre.evaluate, noise);
  await me.button('local.choose').click();
  await expect(nacre.page.getByText('noise.gguf is not a usable GGUF model file')).toBeVisible();
  await expect(nacre.page.getByRole('heading', { name: me.text('start.title') })).toBeVisible();
});

test('a GGUF file from this computer becomes the model that answers', async ({ launchNacre }) => {
  const nacre = await launchNacre();
  const me = createPerson(nacre);
  await answerDialog(nacre.evaluate, fixturePath());
  await me.button('local.choose').click();
  await me.box.waitFor();
  await me.say('Hello');
  await expect(me.answers).toContainText(me.text('where.local'), { timeout: 40_000 });
});

test('cancelling the file dialog leaves everything as it was', async ({ launchNacre }) => {
  const nacre = await launchNacre();
  const me = createPerson(nacre);
  await answerDialog(nacre.evaluate, null);
  await me.button('local.choose').click();
  await expect(me.button('local.choose')).toBeEnabled();
  await expect(nacre.page.getByRole('alert')).toHaveCount(0);
});

test('a remote endpoint is tried before it is kept, then answers in the chat', async ({ launchNacre }) => {
  const endpoint = await serveReplies('Greetings from afar.');
  const nacre = await launchNacre();
  const me = createPerson(nacre);
  await nacre.page.getByRole('textbox', { name: me.text('remote.address'), exact: true }).fill(endpoint.address);
  await nacre.page.getByRole('textbox', { name: me.text('remote.model'), exact: true }).fill('far-away');
  await me.button('remote.connect').click();
  await me.box.waitFor();
  await me.say('Hello');
  await expect(me.answers).toContainText('Greetings from afar.');
  await expect(me.answers).toContainText(me.text('where.remote'));
  endpoint.close();
});

test('an endpoint that is not there is named, with the reason', async ({ launchNacre }) => {
  const nacre = await launchNacre();
  const me = createPerson(nacre);
  await nacre.page.getByRole('textbox', { name: me.text('remote.address'), exact: true }).fill('http://127.0.0.1:9/v1');
  await nacre.page.getByRole('textbox', { name: me.text('remote.model'), exact: true }).fill('any');
  await me.button('remote.connect').click();
  await expect(nacre.page.getByText('127.0.0.1:9 could not be reached')).toBeVisible();
  await expect(me.button('remote.connect')).toBeEnabled();
});

/** An OpenAI-compatible endpoint that always says the same. */
async function serveReplies(text: string): Promise<{ readonly address: string; close(): void }> {
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'far-away', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'text/event-stream');
    response.end(`${chunk({ role: 'assistant', content: text }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/v1`, close: () => void server.close() };
}
