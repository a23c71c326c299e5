import { afterEach, expect, test } from 'vitest';
import { silentLog } from '../log.ts';
import { clearShelves, shelf } from './scaffold.ts';
import { createVectors, type Embedder } from './vectors.ts';

afterEach(clearShelves);

/** A stand-in for an embedding model, for this test alone: words of one group point the same way, all others where a hash of their letters says. */
function groupedEmbedder(dimensions: number, model = 'test'): Embedder {
  const groups = [
    ['physician', 'doctor', 'surgery'],
    ['automobile', 'car'],
  ];
  const direction = (word: string): number => {
    const group = groups.findIndex((words) => words.includes(word));
    return group >= 0 ? group : 2 + ([...word].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % (dimensions - 2));
  };
  return {
    model,
    embed: async (texts) =>
      texts.map((text) => {
        const vector = new Float32Array(dimensions);
        for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) if (word.length > 3) vector[direction(word)] = 1;
        return vector;
      }),
  };
}

test('what means the same is found without a word in common, once the vectors are made in the background', async () => {
  let embedder: Embedder | null = null;
  const one = shelf(() => embedder);
  const lines = ['Ana saw her physician on Monday', 'The garden needs rain', 'Ben sold bread'].map((text, id) => ({ id, text }));
  await one.importLines(lines, 'x');
  const find = async () => (await one.memory.search({ query: 'doctor', limit: 3 }, one.memory.space('x'))).flatMap(({ source }) => source);
  expect(await find()).toEqual([]);
  embedder = groupedEmbedder(32);
  const vectors = createVectors(one.db, () => embedder, silentLog);
  expect([await vectors.embedSome(), await vectors.embedSome()]).toEqual([true, false]);
  expect((await find())[0]).toBe('0');
});

test('a model with other dimensions never meets the old vectors: words decide until all are made anew', async () => {
  let embedder = groupedEmbedder(32);
  const one = shelf(() => embedder);
  await one.importLines(
    Array.from({ length: 40 }, (_, id) => ({ id, text: id === 7 ? 'Ana saw her physician' : `line number ${id} about trains` })),
    'x',
  );
  const vectors = createVectors(one.db, () => embedder, silentLog);
  while (await vectors.embedSome());
  const space = one.memory.space('x');
  const find = async (query: string) => (await one.memory.search({ query, limit: 1 }, space)).flatMap(({ source }) => source);
  expect(await find('doctor')).toEqual(['7']);
  embedder = groupedEmbedder(48);
  expect([await find('doctor'), await find('physician')]).toEqual([[], ['7']]);
  while (await vectors.embedSome());
  expect(await find('doctor')).toEqual(['7']);
  expect(one.db.prepare('SELECT model, count(*) AS n FROM memory_vector GROUP BY model').all()).toEqual([{ model: 'test 48', n: 40 }]);
});

test('vectors go with what was forgotten, and a model that fails leaves words to decide', async () => {
  let broken = false;
  const working = groupedEmbedder(16);
  const embedder: Embedder = { model: 'test', embed: (texts) => (broken ? Promise.reject(new Error('out of memory')) : working.embed(texts)) };
  const one = shelf(() => embedder);
  await one.importLines([{ id: 'a', text: 'the physician called' }], 'x');
  const vectors = createVectors(one.db, () => embedder, silentLog);
  await vectors.embedSome();
  const space = one.memory.space('x');
  broken = true;
  expect((await one.memory.search({ query: 'physician' }, space)).flatMap(({ source }) => source)).toEqual(['a']);
  one.memory.forget(['a'], space);
  one.pass(8 * 86_400_000);
  one.memory.start();
  expect(one.db.prepare('SELECT count(*) AS n FROM memory_vector').get()).toEqual({ n: 0 });
});
