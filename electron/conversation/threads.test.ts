import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, clearHouses, type House, house } from '../../e2e/scaffold/house.ts';
import { createScriptedModel } from '../models/scripted.ts';
import { search } from './search.ts';

let work: House;
beforeEach(() => {
  work = house(createScriptedModel({ lines: Array.from({ length: 60 }, (_, n) => ({ text: `Answer ${n}` })) }));
});
afterEach(clearHouses);
const first = (): number => work.threads.list()[0]?.id ?? 0;

test('an untitled conversation takes its first words as title', async () => {
  await ask(work, '  Plan the   trip to Kyoto\nin May  ');
  expect(work.threads.list()).toMatchObject([{ title: 'Plan the trip to Kyoto in May', preview: 'Answer 0' }]);
});

test('the preview of an answer is plain text', () => {
  const { id } = work.threads.create('', null);
  work.threads.touch(id, '## A table\n\n| a | b |\n|---|---|\n| **1** | `2` |', 'assistant');
  expect(work.threads.get(id).preview).toBe('A table a b 1 2');
});

test('a renamed conversation keeps its name', async () => {
  const { id } = work.threads.create('', null);
  work.threads.rename(id, '旅行');
  await ask(work, 'hello');
  expect(work.threads.get(id).title).toBe('旅行');
});

test('a removed conversation can be brought back, and is erased for good later', async () => {
  await ask(work, 'secret plan');
  const id = first();
  work.threads.remove(id);
  expect([work.threads.list(), search(work.db, 'secret')]).toEqual([[], []]);
  expect(work.threads.restore(id)).toMatchObject({ id, title: 'secret plan' });
  work.threads.remove(id);
  work.pass(1000);
  work.threads.purge(Number.MAX_SAFE_INTEGER);
  expect(work.db.prepare('SELECT count(*) AS n FROM entry').all()).toEqual([{ n: 0 }]);
});

test('a folder that does not exist is refused in words', () => {
  const { id } = work.threads.create('', null);
  expect(() => work.threads.setFolder(id, '/no/such/folder')).toThrow('/no/such/folder does not exist');
});

test('an answer is unread until the person has read that far', async () => {
  await ask(work, 'one');
  await ask(work, 'two');
  const { items } = work.items.page(first(), undefined, 50);
  const unread = (): number => work.threads.get(first()).unread;
  const before = unread();
  work.threads.keep(first(), { readTo: items[1]?.order });
  const half = unread();
  work.threads.keep(first(), { readTo: items[3]?.order });
  expect([before, half, unread()]).toEqual([2, 1, 0]);
});

test('draft and scroll position are kept, and sending clears the draft', async () => {
  const { id } = work.threads.create('', null);
  work.threads.keep(id, { draft: 'half a th', scroll: { item: 'm3', offset: 12 } });
  const kept = work.threads.get(id);
  await ask(work, 'half a thought');
  expect([kept.draft, kept.scroll, work.threads.get(id).draft]).toEqual(['half a th', { item: 'm3', offset: 12 }, '']);
});

test('a thread is paged from its end, without gaps or repeats', async () => {
  for (let n = 0; n < 12; n++) await ask(work, `message ${n}`);
  const keys: string[] = [];
  let before: number | undefined;
  for (let page = work.items.page(first(), before, 5); ; page = work.items.page(first(), before, 5)) {
    keys.unshift(...page.items.map(({ key }) => key));
    before = page.items[0]?.order;
    if (!page.more) break;
  }
  expect(keys).toEqual(work.items.page(first(), undefined, 200).items.map(({ key }) => key));
  expect(keys).toHaveLength(24);
});

describe('search', () => {
  test('finds titles and text in any script, wildcards taken literally, newest first', async () => {
    await ask(work, 'We meet at 50% of the way');
    await ask(work, '我们在京都见面');
    expect(search(work.db, '50%').map(({ item, excerpt }) => [item, excerpt])).toEqual([
      [null, 'We meet at \u000250%\u0003 of the way'],
      ['m1', 'We meet at \u000250%\u0003 of the way'],
    ]);
    expect(search(work.db, '京都')).toMatchObject([{ excerpt: '我们在\u0002京都\u0003见面' }]);
    expect(search(work.db, '_')).toEqual([]);
  });
  test('finds what the assistant said', async () => {
    await ask(work, 'hi');
    expect(search(work.db, 'answer 0')).toMatchObject([{ item: 'r1' }]);
  });
});
