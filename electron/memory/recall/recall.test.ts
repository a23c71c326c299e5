import { afterEach, expect, test } from 'vitest';
import { clearShelves, type Shelf, shelf } from '../../../e2e/scaffold/shelf.ts';
import { shorten, tokensIn } from './pack.ts';
import { askedWords, termsOf } from './words.ts';

afterEach(clearShelves);

type Turn = readonly [id: string, author: string, text: string, at?: string];

async function told(
  turns: readonly Turn[],
): Promise<{ one: Shelf; first(query: string): Promise<string | undefined>; all(query: string, tokens?: number): Promise<string[]> }> {
  const one = shelf();
  await one.importLines(
    turns.map(([id, author, text, at = '2024-03-01T10:00:00Z']) => ({ id, author, text, at })),
    'x',
  );
  const space = one.memory.space('x');
  return {
    one,
    first: async (query) => (await one.memory.search({ query, limit: 1 }, space))[0]?.source[0],
    all: async (query, tokens = 300) => (await one.memory.search({ query, tokens }, space)).flatMap(({ source }) => source),
  };
}

const chatter: readonly Turn[] = Array.from({ length: 40 }, (_, at) => [
  `x${at}`,
  at % 2 === 0 ? 'Ana' : 'Ben',
  `We spoke about number ${at} and the weather of the week.`,
  `2023-0${1 + (at % 9)}-02T10:00:00Z`,
]);

test('an answer without a word of the question comes back with the question before it', async () => {
  const { all } = await told([
    ...chatter,
    ['q', 'Ana', 'Which instrument did you learn as a child?'],
    ['a', 'Ben', 'The oboe, for six years.'],
    ['z', 'Ana', 'Lovely.'],
  ]);
  expect((await all('What instrument did Ben learn?', 40)).slice(0, 2)).toEqual(['q', 'a']);
});

test('of two who say the same, the one who is named comes first', async () => {
  const { first } = await told([
    ...chatter,
    ['a', 'Ana', 'I collect old stamps.'],
    ['y', 'Ana', 'Rain again.', '2024-04-01T10:00:00Z'],
    ['b', 'Ben', 'I collect old stamps.', '2024-05-01T10:00:00Z'],
  ]);
  expect([await first('What does Ana collect?'), await first('What does Ben collect?')]).toEqual(['a', 'b']);
});

test('the time that is asked for decides between equals', async () => {
  const { first } = await told([
    ...chatter,
    ['may', 'Ana', 'We went sailing.', '2023-05-10T10:00:00Z'],
    ['oct', 'Ana', 'We went sailing.', '2023-10-10T10:00:00Z'],
  ]);
  expect([await first('Where did we go sailing in May 2023?'), await first('sailing in October 2023')]).toEqual(['may', 'oct']);
});

test('other forms of a word, words put together or apart, and slips of the pen are found', async () => {
  const { first } = await told([
    ...chatter,
    ['road', 'Ana', 'Our road trip to Porto was long.'],
    ['child', 'Ben', 'The children bought kites.', '2024-06-01T10:00:00Z'],
  ]);
  expect([await first('roadtrips'), await first('buying a kite for a child'), await first('a tripp to Prto')]).toEqual(['road', 'child', 'road']);
});

test('what is given back never takes more than the budget, for any budget', async () => {
  const { one } = await told([
    ...chatter,
    ...Array.from({ length: 30 }, (_, at): Turn => [`w${at}`, 'Ana', `天气 weather 很好 ${'好'.repeat(at)} 📦`, '2024-07-01T10:00:00Z']),
  ]);
  const space = one.memory.space('x');
  for (const tokens of [1, 2, 5, 8, 13, 21, 50, 100, 333, 1024, 100_000]) {
    const hits = await one.memory.search({ query: 'weather of the week 天气', tokens }, space);
    expect(hits.reduce((sum, hit) => sum + tokensIn(hit.text), 0)).toBeLessThanOrEqual(tokens);
    expect(hits.every((hit) => hit.tokens === tokensIn(hit.text))).toBe(true);
  }
});

test('each item says why it is there', async () => {
  const { one } = await told([...chatter, ['a', 'Ana', 'The harbour was full of herons.', '2023-05-10T10:00:00Z']]);
  const [hit] = await one.memory.search({ query: 'Did Ana see herons in May 2023?', limit: 1 }, one.memory.space('x'));
  expect(hit).toEqual({
    source: ['a'],
    kind: 'turn',
    text: '2023-05-10 Ana: The harbour was full of herons.',
    tokens: 12,
    score: 1,
    why: 'says herons; by ana; from the time asked for',
    at: Date.UTC(2023, 4, 10, 10),
  });
});

test('small talk is left out, and whatever was asked for stays', () => {
  const names = new Set(['melanie']);
  expect(shorten("Hey Mel! Good to see you! I'm swamped with the kids. That's great.", new Set(), names)).toBe("I'm swamped with the kids.");
  expect(shorten('Thanks! So nice of you.', new Set(), names)).toBe('Thanks!');
  expect(shorten('That was great. We won 3 games.', new Set(['great']), names)).toBe('That was great. We won 3 games.');
});

test('words are folded, stemmed and, where a script has no spaces, cut into pairs', () => {
  expect(termsOf("Zoë's cafés were crowded; she bought naïve children's toys")).toEqual(['zoe', 'cafe', 'crowd', 'bui', 'naiv', 'child', 'toi']);
  expect(termsOf('我爱咖啡')).toEqual(['我爱', '爱咖', '咖啡', '我', '爱', '咖', '啡']);
  expect(askedWords('我的咖啡在哪里').map(({ terms }) => terms)).toEqual([['咖啡']]);
});
