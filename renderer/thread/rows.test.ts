import { expect, test } from 'vitest';
import type { ThreadItem } from '../../electron/contract/conversation.ts';
import { emptyThread } from '../state/thread-state.ts';
import { rowsOf } from './rows.ts';

const at = (day: number) => new Date(2026, 10, day, 12).getTime();
const said = (message: number, day: number, run = message): ThreadItem => ({
  type: 'said',
  key: `m${message}`,
  order: message,
  conversation: 1,
  message,
  run,
  text: 'x',
  at: at(day),
});
const answer = (run: number, day: number, state: 'done' | 'running' = 'done', text = 'y'): ThreadItem => ({
  type: 'answer',
  key: `r${run}`,
  order: run,
  conversation: 1,
  run,
  task: null,
  state,
  parts: text === '' ? [] : [{ type: 'text', text }],
  fault: null,
  usage: null,
  report: null,
  at: at(day),
});
const kinds = (items: readonly ThreadItem[], firstNew: string | null = null) =>
  rowsOf({ ...emptyThread, items, firstNew }).map((row) => (row.type === 'item' ? row.key : row.type));

test('a day is named once, above its first message', () => {
  expect(kinds([said(1, 1), answer(2, 1), said(3, 2)])).toEqual(['day', 'm1', 'r2', 'day', 'm3']);
});

test('new messages are marked above the first of them', () => {
  expect(kinds([said(1, 1), answer(2, 1), answer(3, 1)], 'r3')).toEqual(['day', 'm1', 'r2', 'new', 'r3']);
});

test('an answer with nothing to show yet is the typing indicator alone', () => {
  expect(kinds([said(1, 1), answer(2, 1, 'running', '')])).toEqual(['day', 'm1', 'working']);
  expect(kinds([said(1, 1), answer(2, 1, 'running')])).toEqual(['day', 'm1', 'r2', 'working']);
});

test('a message on its way stands last, before the typing indicator', () => {
  const pending = { key: 'k', text: 'x', background: false, message: null, fault: null };
  const rows = rowsOf({ ...emptyThread, items: [answer(2, 1, 'running')], pending: [pending] });
  expect(rows.map((row) => row.type)).toEqual(['day', 'item', 'pending', 'working']);
});

test('only what nothing was said after can be asked for again: the last answer, or a message its ended run never read', () => {
  const lasts = (items: readonly ThreadItem[]) => rowsOf({ ...emptyThread, items }).flatMap((row) => (row.type === 'item' && row.isLast ? [row.key] : []));
  expect(lasts([said(1, 1), answer(1, 1), said(2, 1), answer(2, 1)])).toEqual(['r2']);
  expect(lasts([said(1, 1), answer(1, 1), said(2, 1)])).toEqual([]);
  expect(lasts([said(1, 1), answer(1, 1), said(2, 1, 1)])).toEqual(['m2']);
  expect(lasts([said(1, 1), answer(1, 1, 'running')])).toEqual([]);
});
