import { afterEach, describe, expect, test } from 'vitest';
import { clearShelves, day, type Shelf, shelf } from '../../e2e/scaffold/shelf.ts';
import type { MemoryItem, MemoryKind } from '../contract/memory.ts';

afterEach(clearShelves);

type Wanted = { readonly query?: string; readonly kind?: MemoryKind; readonly before?: MemoryItem; readonly limit?: number };
const look = ({ memory }: Shelf, wanted: Wanted = {}) => memory.page({ query: '', limit: 50, ...wanted });
const textsOf = (one: Shelf, wanted?: Wanted): string[] => look(one, wanted).items.map(({ text }) => text);
const itemOf = (one: Shelf, text: string): MemoryItem => look(one).items.find((item) => item.text === text) as MemoryItem;
const rewrite = (one: Shelf, old: string, text: string, kind: 'fact' | 'profile' = 'fact'): void =>
  one.memory.rewrite({ item: itemOf(one, old).id, kind, text });

function told(): Shelf {
  const one = shelf();
  const entry = one.say('Remember that Joana is my sister', 1);
  look(one);
  one.pass(1000);
  one.memory.remember({ source: `e${entry}`, entry, subject: 'joana', at: one.now(), author: 'person', text: 'Joana is the sister.' });
  one.pass(1000);
  one.memory.profile.update('Name: Ana', one.now(), null);
  return one;
}

describe('the timeline', () => {
  test('holds what was just said, newest first by when it was said, a page at a time to the end, what has no time last', async () => {
    const one = told();
    const lines = [
      { id: 'a', at: '2024-01-02', text: 'old' },
      { id: 'b', text: 'timeless one' },
      { id: 'c', at: '2024-01-02', text: 'as old' },
      { id: 'd', text: 'timeless two' },
    ];
    await one.importLines(lines);
    const pages: string[][] = [];
    for (let before: MemoryItem | undefined; ; ) {
      const { items } = look(one, { limit: 2, ...(before === undefined ? {} : { before }) });
      if (items.length === 0) break;
      pages.push(items.map(({ text }) => text));
      before = items.at(-1);
    }
    expect(pages).toEqual([['Name: Ana', 'Joana is the sister.'], ['Remember that Joana is my sister', 'as old'], ['old', 'timeless two'], ['timeless one']]);
  });

  test('shows one layer, and of a long text only its beginning', () => {
    const one = told();
    one.say('word '.repeat(1000));
    expect([textsOf(one, { kind: 'fact' }), textsOf(one, { kind: 'profile' }), look(one, { kind: 'turn' }).items.length]).toEqual([
      ['Joana is the sister.'],
      ['Name: Ana'],
      2,
    ]);
  });

  test('leads to the item of the thread that says it, as long as its conversation is there', () => {
    const one = told();
    one.pass(1000);
    one.say('A reply', 1, 'reply');
    const places = () => look(one, {}).items.map(({ text, conversation, item }) => [text, conversation, item]);
    expect(places()).toEqual([
      ['A reply', 1, 'r2'],
      ['Name: Ana', null, null],
      ['Joana is the sister.', 1, 'm1'],
      ['Remember that Joana is my sister', 1, 'm1'],
    ]);
    one.db.prepare('UPDATE conversation SET removed_at = 1').run();
    expect(places()).toEqual([
      ['Name: Ana', null, null],
      ['Joana is the sister.', 1, null],
    ]);
  });
});

describe('searching the page', () => {
  test('finds in every layer or in one, also while the last word is not finished, and finds nothing where there is nothing', () => {
    const one = told();
    for (let at = 0; at < 300; at++) one.say(`Joana said ${at}`);
    expect([textsOf(one, { query: 'joana', kind: 'fact' }), textsOf(one, { query: 'Ana', kind: 'profile' })]).toEqual([
      ['Joana is the sister.'],
      ['Name: Ana'],
    ]);
    expect([textsOf(one, { query: 'who is sist', kind: 'fact' }), textsOf(one, { query: 'zebra' }), textsOf(one, { query: '"*' })]).toEqual([
      ['Joana is the sister.'],
      [],
      [],
    ]);
    expect(look(one, { query: 'joana', limit: 20 }).items).toHaveLength(20);
  });
});

describe('writing anew', () => {
  test('puts a fact in the place of another, which stays as replaced; both lead to where it was said, and it can be undone', () => {
    const one = told();
    one.pass(day);
    rewrite(one, 'Joana is the sister.', 'Joana is a cousin.');
    const facts = () => look(one, { kind: 'fact' }).items.map(({ text, item, superseded, validUntil }) => ({ text, item, superseded, validUntil }));
    const before = { text: 'Joana is the sister.', item: 'm1', superseded: false, validUntil: null };
    expect(facts()).toEqual([
      { ...before, text: 'Joana is a cousin.' },
      { ...before, superseded: true, validUntil: one.now() },
    ]);
    expect(() => rewrite(one, 'Joana is the sister.', 'again')).toThrow('Nothing is remembered under');
    one.memory.undo(1, look(one).undo?.id);
    expect(facts()).toEqual([before]);
  });

  test('changes a line of the profile, whatever its label, and moves a fact there; nothing else', () => {
    const one = told();
    rewrite(one, 'Name: Ana', 'Called: Ana Sousa', 'profile');
    rewrite(one, 'Joana is the sister.', 'Joana is the sister.', 'profile');
    expect([one.memory.profile.text(), textsOf(one, { kind: 'fact' })]).toEqual(['Called: Ana Sousa\nJoana is the sister.', []]);
    expect(() => rewrite(one, 'Remember that Joana is my sister', 'x')).toThrow('Nothing is remembered');
    one.memory.undo(1);
    expect([one.memory.profile.text(), textsOf(one, { kind: 'fact' })]).toEqual(['Called: Ana Sousa', ['Joana is the sister.']]);
  });
});

describe('taking back one change', () => {
  test('goes for what was forgotten at any time, for the rest only while nothing came after it', () => {
    const one = told();
    const forgotten = one.memory.forget(['e1']);
    one.memory.profile.update('City: Porto', one.now(), null);
    const [newest] = [look(one).undo];
    expect([newest?.what, textsOf(one, { kind: 'fact' })]).toEqual(['profile', []]);
    one.memory.undo(1, forgotten.id);
    expect(textsOf(one, { kind: 'fact' })).toEqual(['Joana is the sister.']);
    one.memory.profile.update('Likes: tea', one.now(), null);
    expect(() => one.memory.undo(1, newest?.id)).toThrow('There is no change to undo');
    expect(() => one.memory.undo(1, forgotten.id)).toThrow('There is no change to undo');
    expect(look(shelf()).undo).toBeNull();
  });
});
