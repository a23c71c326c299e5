import { describe, expect, test } from 'vitest';
import type { CallView, ThreadItem } from '../../electron/contract/conversation.ts';
import type { Event } from '../../electron/contract/event.ts';
import type { Task } from '../../electron/contract/task.ts';
import { activeTurn, addOlder, applyToThread, emptyThread, firstUnread, type Pending, putPending, type ThreadState } from './thread-state.ts';

const of = { run: 12, conversation: 1, task: null } as const;
const usage = { model: 'm', where: 'local', read: 5, reused: 0, written: 2, prefillMs: 1, decodeMs: 1 } as const;
const call = (state: CallView['state'], name = 'c1'): CallView => ({
  call: name,
  tool: 'read_file',
  title: 'a.txt',
  state,
  arguments: '{}',
  output: '',
  startedAt: 1,
  endedAt: null,
});
const said = (message: number, text: string): ThreadItem => ({
  type: 'said',
  key: `m${message}`,
  order: message,
  conversation: 1,
  message,
  run: 12,
  text,
  at: 1,
});
const answer = (run: number, order: number): ThreadItem => ({
  type: 'answer',
  key: `r${run}`,
  order,
  conversation: 1,
  run,
  task: null,
  state: 'done',
  parts: [],
  fault: null,
  usage: null,
  report: null,
  at: 1,
});
const task = (steps: number): Task => ({
  id: 5,
  conversation: 1,
  run: 9,
  goal: 'Sort',
  folder: null,
  model: null,
  schedule: { type: 'now' },
  words: { en: 'now', zh: '现在' },
  checks: [],
  grants: [],
  budget: {},
  spent: { tokens: 0, minutes: 0, steps: 0 },
  plan: { steps: [], constraints: [], obligations: [], checks: [] },
  evidence: [],
  missed: { type: 'once' },
  next: [],
  paused: false,
  state: 'running',
  waitingFor: null,
  steps,
  current: '',
  unknownCalls: 0,
  createdAt: 1,
  startedAt: 1,
  endedAt: null,
  result: '',
  fault: null,
  usage: null,
});
const pending: Pending = { key: 'k', text: 'Hello', background: false, message: null, fault: null };

const played = (events: readonly Event[], start: ThreadState = emptyThread, now = 100): ThreadState =>
  events.reduce((thread, event) => applyToThread(thread, event, now), start);
const partsOf = (thread: ThreadState) => thread.items.flatMap((item) => (item.type === 'answer' ? item.parts : []));

describe('a streaming answer', () => {
  test('grows by what is added, thought and text apart', () => {
    const thread = played([
      { type: 'thought.added', ...of, delta: 'Let me ' },
      { type: 'thought.added', ...of, delta: 'see.' },
      { type: 'text.added', ...of, delta: 'Hel' },
      { type: 'text.added', ...of, delta: 'lo' },
    ]);
    expect(partsOf(thread)).toEqual([
      { type: 'thought', text: 'Let me see.' },
      { type: 'text', text: 'Hello' },
    ]);
  });

  test('loses what came after the last call when its step is read again, but keeps notices', () => {
    const thread = played([
      { type: 'text.added', ...of, delta: 'Before.' },
      { type: 'call.changed', ...of, call: call('done') },
      { type: 'thought.added', ...of, delta: 'Hm.' },
      { type: 'text.added', ...of, delta: 'Half a sen' },
      { type: 'run.noticed', ...of, fault: { code: 'model.engine-died', message: 'It died.' } },
      { type: 'text.withdrawn', ...of },
    ]);
    expect(partsOf(thread)).toEqual([
      { type: 'text', text: 'Before.' },
      { type: 'call', call: call('done') },
      { type: 'notice', fault: { code: 'model.engine-died', message: 'It died.' } },
    ]);
  });

  test('shows a call once, in its latest state', () => {
    const thread = played([
      { type: 'call.changed', ...of, call: call('asking') },
      { type: 'call.changed', ...of, call: call('running', 'c2') },
      { type: 'call.changed', ...of, call: call('done') },
    ]);
    expect(partsOf(thread)).toEqual([
      { type: 'call', call: call('done') },
      { type: 'call', call: call('running', 'c2') },
    ]);
  });

  test('is replaced by the assistant’s own item with the same key, in its place', () => {
    const thread = played([
      { type: 'text.added', ...of, delta: 'Hi' },
      { type: 'item.changed', item: answer(12, 46) },
      { type: 'item.changed', item: said(45, 'Hello') },
    ]);
    expect(thread.items).toEqual([said(45, 'Hello'), answer(12, 46)]);
  });

  test('that has ended no longer counts as at work, and stands as the assistant’s own item says', () => {
    const running = played([
      { type: 'run.started', ...of },
      { type: 'text.added', ...of, delta: 'Hi' },
    ]);
    expect(activeTurn(running)).toBe(12);
    const fault = { code: 'model.cut-off', message: 'Cut.' };
    const own = { ...answer(12, 46), state: 'failed', fault, usage } as ThreadItem;
    const ended = played(
      [
        { type: 'item.changed', item: own },
        { type: 'run.ended', ...of, outcome: 'failed', text: '', fault, usage },
      ],
      running,
    );
    expect([ended.items, activeTurn(ended)]).toEqual([[own], null]);
  });
});

describe('what the assistant is doing', () => {
  test('counts from when a phase began, not from each time it is told again', () => {
    const first = played([{ type: 'run.phase', ...of, phase: { type: 'loading', progress: 0.1 } }], emptyThread, 100);
    const again = played([{ type: 'run.phase', ...of, phase: { type: 'loading', progress: 0.9 } }], first, 5000);
    const next = played([{ type: 'run.phase', ...of, phase: { type: 'thinking' } }], again, 6000);
    expect([again.live[12]?.since, next.live[12]?.since]).toEqual([100, 6000]);
  });

  test('is told of a task on its card only, which keeps its place', () => {
    const card = { type: 'task', key: 't5', order: 3, conversation: 1, task: task(1) } as const;
    const thread = played([
      { type: 'task.changed', task: task(0) },
      { type: 'item.changed', item: card },
      { type: 'run.started', run: 9, conversation: 1, task: 5 },
      { type: 'text.added', run: 9, conversation: 1, task: 5, delta: 'Working' },
      { type: 'task.changed', task: task(2) },
    ]);
    expect(thread.items).toEqual([{ ...card, task: task(2) }]);
    expect(activeTurn(thread)).toBe(null);
  });
});

describe('a message on its way', () => {
  test('gives way to the journal’s item, whichever comes first', () => {
    const itemFirst = played([{ type: 'item.changed', item: said(45, 'Hello') }], putPending(emptyThread, pending));
    const replyFirst = played([{ type: 'item.changed', item: said(45, 'Hello') }], putPending(emptyThread, { ...pending, message: 45 }));
    expect(putPending(itemFirst, { ...pending, message: 45 }).pending).toEqual([]);
    expect(replyFirst.pending).toEqual([]);
  });

  test('stays with its fault when it could not be sent, even if the same words arrive otherwise', () => {
    const failed = { ...pending, fault: { code: 'app.disk-full', message: 'Full.' } };
    expect(played([{ type: 'item.changed', item: said(45, 'Hello') }], putPending(emptyThread, failed)).pending).toEqual([failed]);
  });
});

test('older items come in front, and those already here are the newer truth', () => {
  const here = played([{ type: 'item.changed', item: said(45, 'new') }]);
  const page = { items: [said(40, 'older'), said(45, 'old')], more: false };
  expect(addOlder({ ...here, more: true }, page)).toEqual({ ...here, more: false, items: [said(40, 'older'), said(45, 'new')] });
});

test('a removed item is gone', () => {
  expect(
    played([
      { type: 'item.changed', item: said(45, 'x') },
      { type: 'item.removed', conversation: 1, key: 'm45' },
    ]).items,
  ).toEqual([]);
});

test('the line "new messages" stands above the first answer not seen', () => {
  const items = [answer(1, 1), said(2, 'a'), answer(3, 3), answer(4, 4)];
  expect([0, 1, 2, 9].map((unread) => firstUnread(items, unread))).toEqual([null, 'r4', 'r3', 'r1']);
});
