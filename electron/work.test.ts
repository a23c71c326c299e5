import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ask, clearHouses, house, story } from '../e2e/scaffold/house.ts';
import { createScriptedModel, type ScriptedModel } from './models/scripted.ts';

afterEach(clearHouses);

const script = (lines: Parameters<typeof createScriptedModel>[0]['lines']): ScriptedModel => createScriptedModel({ lines: lines ?? [] });

test('a message is answered, and what happened stands in the journal', async () => {
  const model = script([{ text: 'Hello.' }]);
  const work = house(model);
  const run = await ask(work, 'hi');
  model.assertSpent();
  expect(story(work, run)).toEqual(['message', 'reply', 'ended done']);
  expect(work.events.filter(({ type }) => type === 'run.ended')).toMatchObject([{ outcome: 'done', text: 'Hello.' }]);
  expect(work.threads.list()).toMatchObject([{ title: 'hi', preview: 'Hello.', unread: 1, busy: false }]);
});

test('a file is read without asking, and the result is what the model sees next', async () => {
  const model = script([{ calls: [{ tool: 'read_file', arguments: { path: 'a.txt' } }] }, { text: 'It says pearl.' }]);
  const work = house(model);
  writeFileSync(join(work.folder, 'a.txt'), 'pearl');
  const run = await ask(work, 'what does a.txt say?');
  expect(story(work, run)).toEqual(['message', 'reply', 'outcome done', 'reply', 'ended done']);
  expect(model.asked[1]?.messages.at(-1)).toMatchObject({ role: 'tool', tool: 'read_file', text: expect.stringContaining('pearl') });
});

test('writing waits for the person, survives a restart, and goes on when allowed', async () => {
  const call = { calls: [{ tool: 'write_file', arguments: { path: 'out.txt', content: 'shell' } }] };
  const first = house(script([call, { text: 'Written.' }]));
  const run = await ask(first, 'write it');
  expect(first.runs.get(run)).toMatchObject({ state: 'waiting', waitingFor: 'approval' });
  expect(first.threads.list()).toMatchObject([{ needsYou: true }]);
  await first.close();
  const second = house(script([call, { text: 'Written.' }]), first.data);
  const [question] = second.approvals.open();
  expect(question).toMatchObject({ tool: 'write_file', title: 'out.txt', payload: 'shell', where: second.folder });
  second.approvals.answer(question?.id ?? 0, 'once');
  second.worker.wake();
  await second.worker.untilIdle();
  expect(readFileSync(join(second.folder, 'out.txt'), 'utf8')).toBe('shell');
  expect(story(second, run)).toEqual(['message', 'reply', 'asked', 'waiting', 'answered', 'intent', 'outcome done', 'reply', 'ended done']);
});

test('a denied call is told to the model and nothing is written', async () => {
  const work = house(script([{ calls: [{ tool: 'write_file', arguments: { path: 'out.txt', content: 'x' } }] }, { text: 'I left it.' }]));
  const run = await ask(work, 'write it');
  work.approvals.answer(work.approvals.open()[0]?.id ?? 0, 'deny');
  work.worker.wake();
  await work.worker.untilIdle();
  expect(story(work, run)).toEqual(['message', 'reply', 'asked', 'waiting', 'answered', 'outcome denied', 'reply', 'ended done']);
});

test('an answer for this conversation covers the next write in the same folder but not a command', async () => {
  const write = (path: string) => ({ calls: [{ tool: 'write_file', arguments: { path, content: path } }] });
  const work = house(script([write('a'), write('b'), { calls: [{ tool: 'run_command', arguments: { command: 'echo hi' } }] }]));
  const run = await ask(work, 'write both');
  work.approvals.answer(work.approvals.open()[0]?.id ?? 0, 'conversation');
  work.worker.wake();
  await work.worker.untilIdle();
  expect(readFileSync(join(work.folder, 'b'), 'utf8')).toBe('b');
  expect(work.approvals.open()).toMatchObject([{ tool: 'run_command', payload: 'echo hi', run }]);
});

test('a file that changed after the person agreed is put to them again', async () => {
  const work = house(script([{ calls: [{ tool: 'write_file', arguments: { path: 'a', content: 'new' } }] }]));
  writeFileSync(join(work.folder, 'a'), 'old');
  await ask(work, 'write it');
  const [shown] = work.approvals.open();
  writeFileSync(join(work.folder, 'a'), 'changed meanwhile');
  work.approvals.answer(shown?.id ?? 0, 'once');
  work.worker.wake();
  await work.worker.untilIdle();
  expect(work.approvals.open()).toMatchObject([{ before: 'changed meanwhile', state: 'open' }]);
  expect(readFileSync(join(work.folder, 'a'), 'utf8')).toBe('changed meanwhile');
});

test('a second answer to the same question changes nothing', async () => {
  const work = house(script([{ calls: [{ tool: 'write_file', arguments: { path: 'a', content: 'x' } }] }, { text: 'ok' }]));
  await ask(work, 'write it');
  const id = work.approvals.open()[0]?.id ?? 0;
  work.approvals.answer(id, 'deny');
  expect(() => work.approvals.answer(id, 'once')).toThrow('no open question');
});

test('a message said while a question waits is read before the call, which is skipped', async () => {
  const model = script([{ calls: [{ tool: 'write_file', arguments: { path: 'a', content: 'x' } }] }, { text: 'Then not.' }]);
  const work = house(model);
  const run = await ask(work, 'write it');
  expect(await ask(work, 'no, leave it')).toBe(run);
  expect(story(work, run)).toEqual(['message', 'reply', 'asked', 'waiting', 'message', 'outcome skipped', 'reply', 'ended done']);
  expect(work.approvals.open()).toEqual([]);
  expect(model.asked[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
});

test('a message said while the model speaks is answered in the same turn', async () => {
  const model = createScriptedModel({ lines: [{ text: 'Thinking about one. '.repeat(20), delayMs: 5 }, { text: 'And about two.' }] });
  const work = house(model);
  const conversation = work.threads.create('', null).id;
  const { run } = await work.inbox.post({ conversation, text: 'one' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await work.inbox.post({ conversation, text: 'two' });
  await work.worker.untilIdle();
  expect(story(work, run)).toEqual(['message', 'message', 'reply', 'reply', 'ended done']);
  expect(model.asked[1]?.messages.map((message) => message.text.slice(0, 3))).toEqual(['one', 'Thi', 'two']);
});

test('stop ends a command with all its processes and the run keeps its outcome', async () => {
  const work = house(script([{ calls: [{ tool: 'run_command', arguments: { command: 'sleep 60 & sleep 60' } }] }]));
  const conversation = work.threads.create('', work.folder).id;
  const { run } = await work.inbox.post({ conversation, text: 'run it', approve: 'folder' });
  while (!work.events.some((event) => event.type === 'call.changed' && event.call.state === 'running')) await new Promise((resolve) => setTimeout(resolve, 5));
  const stopped = await work.worker.stop(run);
  expect(stopped.state).toBe('stopped');
  expect(story(work, run)).toEqual(['message', 'reply', 'intent', 'outcome failed', 'ended stopped']);
});

test('a question that a stop made moot leaves the thread', async () => {
  const work = house(script([{ calls: [{ tool: 'write_file', arguments: { path: 'a', content: 'x' } }] }]));
  const run = await ask(work, 'write');
  await work.worker.stop(run);
  expect(work.events).toContainEqual({ type: 'item.removed', conversation: 1, key: 'a1' });
});

test('what was said before a stop stays in the thread and in what the model sees next', async () => {
  const model = createScriptedModel({ lines: [{ text: 'word '.repeat(200), delayMs: 5 }, { text: 'Next.' }] });
  const work = house(model);
  const conversation = work.threads.create('', null).id;
  const { run } = await work.inbox.post({ conversation, text: 'talk' });
  while (!work.events.some(({ type }) => type === 'text.added')) await new Promise((resolve) => setTimeout(resolve, 5));
  await work.worker.stop(run);
  await ask(work, 'go on');
  expect(story(work, run)).toEqual(['message', 'reply', 'ended stopped']);
  expect(model.asked[1]?.messages[1]).toMatchObject({ role: 'assistant', text: expect.stringMatching(/^word/) });
});

test('the next turn sees earlier ones, with a result for every call', async () => {
  const model = script([{ calls: [{ tool: 'run_command', arguments: { command: 'true' } }] }, { text: 'Fresh start.' }]);
  const work = house(model);
  const run = await ask(work, 'first');
  await work.worker.stop(run);
  await ask(work, 'second');
  expect(model.asked[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
});

test('edit and resend takes the old turn and all later ones out of the thread and the context', async () => {
  const model = script([{ text: 'A1' }, { text: 'A2' }, { text: 'B1' }]);
  const work = house(model);
  const first = await ask(work, 'one');
  await ask(work, 'two');
  await ask(work, 'one, better', { replaces: first });
  const page = work.items.page(work.threads.list()[0]?.id ?? 0, undefined, 50);
  expect(page.items.map((item) => (item.type === 'said' ? item.text : item.type))).toEqual(['one, better', 'answer']);
  expect(model.asked[2]?.messages).toHaveLength(1);
});

test('work handed to the background becomes a task with one card, and its result is posted', async () => {
  const model = createScriptedModel({
    groups: [
      { when: 'please tidy', lines: [{ calls: [{ tool: 'start_task', arguments: { goal: 'tidy up' } }] }, { text: 'Started.' }] },
      { when: 'Goal: tidy up', lines: [{ calls: [{ tool: 'list_files', arguments: { path: '.' } }] }, { text: 'All tidy.' }] },
    ],
  });
  const work = house(model);
  await ask(work, 'please tidy');
  const page = work.items.page(work.threads.list()[0]?.id ?? 0, undefined, 50);
  expect(page.items.map(({ type }) => type)).toEqual(['said', 'answer', 'task', 'answer']);
  expect(work.tasks.list()).toMatchObject([{ goal: 'tidy up', state: 'done', result: 'All tidy.', steps: 2 }]);
});

test('a message sent twice with one key is accepted once', async () => {
  const work = house(script([{ text: 'Once.' }]));
  const first = await ask(work, 'hi', { key: 'k1' });
  expect(await ask(work, 'hi', { key: 'k1' })).toBe(first);
});

test('text is kept exactly, and lone surrogates become visible', async () => {
  const text = 'a\u0000b \u202Eשלום\u202C 😀 \uD800 end';
  const work = house(script([{ text: 'ok' }]));
  const run = await ask(work, text);
  expect(work.items.ofRun(run)[0]).toMatchObject({ text: 'a\u0000b \u202Eשלום\u202C 😀 \uFFFD end' });
});

test('an empty message is refused in words and nothing is recorded', async () => {
  const work = house(script([]));
  await expect(ask(work, ' \n ')).rejects.toThrow('The message is empty');
  expect(work.runs.inState('queued', 'running', 'waiting', 'done')).toEqual([]);
});

test('a call that can not be read is explained to the model, which tries again', async () => {
  const model = script([{ calls: [{ tool: 'no_such', arguments: {} }] }, { text: 'Sorry.' }]);
  const work = house(model);
  const run = await ask(work, 'go');
  expect(story(work, run)).toEqual(['message', 'reply', 'outcome failed', 'reply', 'ended done']);
  expect(model.asked[1]?.messages.at(-1)?.text).toContain('There is no tool');
});

test('a writing call repeated with the same result ends the run', async () => {
  const call = { calls: [{ tool: 'write_file', arguments: { path: 'a', content: 'x' } }] };
  const work = house(createScriptedModel({ lines: [{ ...call, repeat: 50 }] }));
  const run = await ask(work, 'loop', { approve: 'folder' });
  expect(work.runs.get(run)).toMatchObject({ state: 'failed', fault: { code: 'run.repeats' }, steps: 6 });
});

test('with nobody to ask a call is denied and the model goes on', async () => {
  const work = house(script([{ calls: [{ tool: 'run_command', arguments: { command: 'true' } }] }, { text: 'Without it.' }]));
  const run = await ask(work, 'go', { approve: 'deny' });
  expect(story(work, run)).toEqual(['message', 'reply', 'outcome denied', 'reply', 'ended done']);
});

test('what the assistant is asked to remember is a fact under that message, and comes back in another conversation', async () => {
  const remember = { calls: [{ tool: 'memory', arguments: { remember: 'Joana is the sister of the person.', about: 'Joana' } }] };
  const recall = { calls: [{ tool: 'memory', arguments: { recall: 'Who is Joana?' } }] };
  const model = createScriptedModel({
    groups: [
      { when: 'Remember that', lines: [remember, { text: 'Noted.' }] },
      { when: 'Who is', lines: [recall, { text: 'Your sister.' }] },
    ],
  });
  const work = house(model);
  const run = await ask(work, 'Remember that Joana is my sister');
  work.threads.create('another', null);
  await ask(work, 'Who is Joana?');
  const source = `e${work.runs.get(run).openedBy}`;
  expect(work.memory.list(1, { kind: 'fact', limit: 5 })).toMatchObject([{ source, subject: 'joana', text: 'Joana is the sister of the person.' }]);
  expect(model.asked[2]?.messages.at(-1)).toMatchObject({ role: 'user', text: expect.stringMatching(/^\[Remembered.*Joana is the sister/s) });
  expect(model.asked[3]?.messages.at(-1)).toMatchObject({ role: 'tool', text: expect.stringContaining('person: Joana is the sister of the person.') });
});

test('a turn is answered though the memory can not be searched', async () => {
  const work = house(script([{ text: 'Hello.' }]));
  work.db.prepare('DROP TABLE memory_stale').run();
  expect(story(work, await ask(work, 'hi there, pearl'))).toEqual(['message', 'reply', 'ended done']);
});
