import { expect, test } from 'vitest';
import type { Approval } from '../../electron/contract/approval.ts';
import type { ModelEntry } from '../../electron/contract/model.ts';
import { canAnswer, emptyWindow, modelFor, placeOf, reduce } from './window-state.ts';

const approval: Approval = {
  id: 7,
  about: 'call',
  conversation: 1,
  run: 2,
  task: null,
  tool: 'run_command',
  title: 'ls',
  where: '/tmp',
  payload: 'ls',
  before: null,
  caution: null,
  state: 'open',
  answer: null,
  askedAt: 1,
  answeredAt: null,
};
const model = (id: string, more: Partial<ModelEntry> = {}): ModelEntry => ({
  id,
  name: id,
  kind: 'local',
  source: '',
  model: '',
  bytes: 0,
  current: false,
  fault: null,
  ...more,
});
const of = { run: 2, conversation: 1, task: null } as const;

test('a question is open until it is answered, wherever the answer was given', () => {
  const asked = reduce(emptyWindow, { type: 'approval.asked', ...of, approval }, 1);
  const answered = reduce(asked, { type: 'approval.answered', ...of, approval: { ...approval, state: 'allowed', answer: 'once' } }, 2);
  expect([Object.keys(asked.approvals), Object.keys(answered.approvals)]).toEqual([['7'], []]);
});

test('a question is gone once it was removed, its run has ended, or its conversation was deleted', () => {
  const asked = reduce(emptyWindow, { type: 'approval.asked', ...of, approval }, 1);
  const gone = [
    reduce(asked, { type: 'item.removed', conversation: 1, key: 'a7' }, 2),
    reduce(asked, { type: 'approval.answered', ...of, approval: { ...approval, state: 'withdrawn' } }, 2),
    reduce(asked, { type: 'run.ended', ...of, outcome: 'stopped', text: '', fault: null, usage: null }, 2),
    reduce(asked, { type: 'conversation.removed', conversation: 1 }, 2),
  ];
  expect(gone.map((state) => Object.keys(state.approvals))).toEqual([[], [], [], []]);
});

test('only a completed answer in the open conversation is announced', () => {
  const end = { type: 'run.ended', ...of, outcome: 'done', text: 'Here.', fault: null, usage: null } as const;
  const open = { ...emptyWindow, selected: 1 };
  const heard = [reduce(open, end, 1), reduce(open, { ...end, outcome: 'stopped' }, 1), reduce({ ...open, selected: 3 }, end, 1)];
  expect(heard.map((state) => state.announced)).toEqual(['Here.', '', '']);
});

test('the same notice is shown once', () => {
  const notice = { type: 'app.noticed', fault: { code: 'app.disk-full', message: 'Full.' } } as const;
  expect(reduce(reduce(emptyWindow, notice, 1), notice, 2).notices).toEqual([notice.fault]);
});

test('a conversation answers with its own model, else with the one in use', () => {
  const state = { models: [model('a', { current: true }), model('b')], conversations: {} };
  expect(modelFor(state, null)?.id).toBe('a');
  const own = {
    id: 1,
    title: '',
    folder: null,
    model: 'b',
    createdAt: 1,
    updatedAt: 1,
    preview: '',
    unread: 0,
    needsYou: false,
    busy: false,
    draft: '',
    scroll: null,
  };
  expect(modelFor({ ...state, conversations: { 1: own } }, 1)?.id).toBe('b');
});

test('a model in use that is broken does not count as one that can answer', () => {
  const fault = { code: 'model.gone', message: 'Gone.' };
  expect([[], [model('a')], [model('a', { current: true, fault })], [model('a', { current: true })]].map((models) => canAnswer({ models }))).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

test('where one has scrolled to since the start is newer than what was kept', () => {
  const scroll = { item: 'm1', offset: 3 };
  const own = {
    id: 1,
    title: '',
    folder: null,
    model: null,
    createdAt: 1,
    updatedAt: 1,
    preview: '',
    unread: 0,
    needsYou: false,
    busy: false,
    draft: '',
    scroll,
  };
  const conversations = { 1: own };
  expect([placeOf({ conversations, places: {} }, 1), placeOf({ conversations, places: { 1: null } }, 1)]).toEqual([scroll, null]);
});
