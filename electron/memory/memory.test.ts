import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import { clearShelves, day, type Shelf, shelf } from '../../e2e/scaffold/shelf.ts';
import { profileTokens } from './profile.ts';

afterEach(clearShelves);

const sourcesOf = async ({ memory }: Shelf, query: string, name?: string): Promise<string[]> =>
  (await memory.search({ query, limit: 20 }, memory.space(name))).flatMap(({ source }) => source);

describe('what is said', () => {
  test('is found at once, under its journal entry, and after a restart', async () => {
    const first = shelf();
    const entry = first.say('The spare key lies under the third flowerpot.');
    first.say('Good to know.', 1, 'reply');
    expect((await sourcesOf(first, 'Where is the spare key?'))[0]).toBe(`e${entry}`);
    const again = first.reopen();
    const later = again.say('The bicycle is in the cellar.');
    expect([(await sourcesOf(again, 'spare key'))[0], (await sourcesOf(again, 'bicycle'))[0]]).toEqual([`e${entry}`, `e${later}`]);
  });

  test('leaves memory with its conversation: hidden when that is removed, gone from the index when it is erased', async () => {
    const one = shelf();
    one.say('The launch code is xylophone.', 7);
    expect(await sourcesOf(one, 'xylophone')).toHaveLength(1);
    one.db.prepare('UPDATE conversation SET removed_at = 1 WHERE id = 7').run();
    expect(await sourcesOf(one, 'xylophone')).toEqual([]);
    one.db.prepare('UPDATE conversation SET removed_at = NULL WHERE id = 7').run();
    expect(await sourcesOf(one, 'xylophone')).toHaveLength(1);
    one.db.commit('test', () => {
      one.db.prepare('DELETE FROM entry').run();
      one.db.prepare('DELETE FROM run').run();
    });
    one.say('Something else.', 8);
    expect([await sourcesOf(one, 'xylophone'), one.db.prepare('SELECT count(*) AS n FROM memory_index_docsize').get()]).toEqual([[], { n: 1 }]);
  });

  test('of one conversation stays apart from what is said in another at the same time', async () => {
    const one = shelf();
    const asked = one.say('Which wine goes with the trout?', 1);
    one.say('The server room needs new filters.', 2);
    const answered = one.say('A dry Riesling.', 1, 'reply');
    const [hit] = await one.memory.search({ query: 'wine for trout', tokens: 60 });
    expect(hit?.source).toEqual([`e${asked}`, `e${answered}`]);
  });
});

describe('facts', () => {
  test('about the same subject replace each other: both are kept, the newest first, the older with its end', async () => {
    const one = shelf();
    const tell = (text: string) => one.memory.remember({ source: 'tool', subject: 'dentist', validFrom: one.now(), at: one.now(), author: 'person', text });
    tell('The dentist is Dr. Okafor.');
    one.pass(30 * day);
    const moved = one.now();
    tell('The dentist is Dr. Lindqvist.');
    const texts = async (query: string) => (await one.memory.search({ query, limit: 5 })).map(({ text }) => text);
    const older = '2026-05-20 person: The dentist is Dr. Okafor. (until 2026-06-19)';
    const newer = '2026-06-19 person: The dentist is Dr. Lindqvist.';
    expect([await texts('Who is my dentist?'), await texts('Who was my dentist before?')]).toEqual([
      [newer, older],
      [older, newer],
    ]);
    const kept = one.memory.list(1, { kind: 'fact', limit: 5 }).map(({ text, validUntil, superseded }) => ({ text, validUntil, superseded }));
    expect(kept).toEqual([
      { text: 'The dentist is Dr. Lindqvist.', validUntil: null, superseded: false },
      { text: 'The dentist is Dr. Okafor.', validUntil: moved, superseded: true },
    ]);
    one.memory.undo(1);
    expect(one.memory.list(1, { kind: 'fact', limit: 5 }).map(({ superseded }) => superseded)).toEqual([false]);
  });

  test('said twice are kept once', () => {
    const one = shelf();
    const fact = { source: 'tool', at: one.now(), author: 'person', text: 'Ana is allergic to nuts.' };
    expect(one.memory.remember(fact).id).toBe(one.memory.remember(fact).id);
  });
});

describe('the profile', () => {
  test('is a page of lines; a line with the same label takes the place of the earlier one, and can be undone', () => {
    const one = shelf();
    one.memory.profile.update('Name: Ana', one.now(), null);
    one.memory.profile.update('City: Porto', one.now(), null);
    one.memory.profile.update('name: Ana Sousa', one.now(), null);
    expect(one.memory.profile.text()).toBe('City: Porto\nname: Ana Sousa');
    one.memory.undo(1);
    expect(one.memory.profile.text()).toBe('Name: Ana\nCity: Porto');
  });

  test('never grows longer than it may be', () => {
    const one = shelf();
    expect(() => one.memory.profile.update('x'.repeat(profileTokens * 4 + 1), one.now(), null)).toThrow('would have 301 tokens and may have 300');
  });
});

describe('forgetting', () => {
  test('hides at once what was said and the facts from it, can be undone for seven days, and then leaves no word in the files', async () => {
    const one = shelf();
    const entry = one.say('My locker number is quizzaciously4711.');
    await sourcesOf(one, 'locker');
    one.memory.remember({ source: `e${entry}`, entry, at: one.now(), author: 'person', text: 'The locker is quizzaciously4711.' });
    await one.importLines([{ id: 'a', text: 'vermillionjuggler is the password' }], 'other');
    const forget = (): void => void [one.memory.forget([`e${entry}`]), one.memory.forget(['a'], one.memory.space('other'))];
    forget();
    expect([await sourcesOf(one, 'locker'), await sourcesOf(one, 'vermillionjuggler', 'other')]).toEqual([[], []]);
    one.memory.undo(1);
    one.memory.undo(one.memory.space('other'));
    expect([new Set(await sourcesOf(one, 'locker')), await sourcesOf(one, 'vermillionjuggler', 'other')]).toEqual([new Set([`e${entry}`]), ['a']]);
    forget();
    one.pass(8 * day);
    one.memory.start();
    expect(one.db.prepare('SELECT count(*) AS n FROM memory_item').get()).toEqual({ n: 0 });
    expect(() => one.memory.undo(1)).toThrow('no change to undo');
    one.db.prepare(`DELETE FROM memory_space WHERE name = 'other'`).run();
    one.db.checkpoint();
    const words = one.db.prepare<{ term: string }>('SELECT term FROM memory_terms').all();
    // The journal keeps what was said in a conversation until that is removed; memory holds nothing of it, nor of what was imported.
    expect(words).toEqual([]);
    const again = one.reopen();
    expect(await sourcesOf(again, 'locker')).toEqual([]);
  });

  test('of what is not there is refused by name', () => {
    expect(() => shelf().memory.forget(['e99'])).toThrow('Nothing is remembered under e99.');
  });
});

describe('an import', () => {
  test('names lines that are broken or there already by number and takes the rest', async () => {
    const one = shelf();
    const lines = ['\uFEFF{"id":"a","at":"2024-01-02T03:04:05Z","author":"Ana","text":"one"}', 'not json', '', '[]', '{"id":"b"}', '{"text":"two"}'];
    const done = await one.importLines([...lines, '{"id":"a","text":"again"}', '{"id":7,"at":"whenever","text":"three"}', '{"id":"c","at":1,"text":" "}'], 'x');
    expect({ ...done, problems: done.problems.map(({ line, reason }) => `${line} ${reason.slice(0, 28)}`) }).toEqual({
      imported: 2,
      problems: [
        '2 it is not JSON (Unexpected t',
        '4 it is not a JSON object',
        '5 it has no "text"',
        '6 it has no "id"',
        '7 the id a is there already',
        '8 it was kept without a time: ',
        '9 it has no "text"',
      ],
      problemsInAll: 7,
    });
    expect(one.memory.list(one.memory.space('x'), { limit: 5 }).map(({ source, at, author }) => ({ source, at, author }))).toEqual([
      { source: '7', at: null, author: '' },
      { source: 'a', at: Date.UTC(2024, 0, 2, 3, 4, 5), author: 'Ana' },
    ]);
  });

  test('done again adds nothing, and one undo takes the whole of it back', async () => {
    const one = shelf();
    const lines = Array.from({ length: 300 }, (_, at) => ({ id: at, text: `line ${at}` }));
    expect([(await one.importLines(lines)).imported, (await one.importLines(lines)).imported]).toEqual([300, 0]);
    expect(one.memory.undo(1).items).toBe(0);
    expect(one.memory.undo(1)).toMatchObject({ what: 'import', items: 300 });
    expect(await sourcesOf(one, 'line 7')).toEqual([]);
    expect((await one.importLines(lines)).imported).toBe(300);
  });

  test('of a file that is not there, or is a folder, is refused in words', async () => {
    const { memory, data } = shelf();
    await expect(memory.importFile(join(data, 'none.jsonl'), 'x')).rejects.toThrow('can not be read (ENOENT');
    await expect(memory.importFile(data, 'x')).rejects.toThrow('can not be read (EISDIR');
  });

  test('keeps spaces apart, and a name that nobody gave is refused', async () => {
    const one = shelf();
    await one.importLines([{ id: 'a', text: 'the heron stands in the reeds' }], 'one');
    await one.importLines([{ id: 'b', text: 'the heron flies' }], 'two');
    expect([await sourcesOf(one, 'heron', 'one'), await sourcesOf(one, 'heron', 'two'), await sourcesOf(one, 'heron')]).toEqual([['a'], ['b'], []]);
    expect(() => one.memory.space('three')).toThrow('There is no memory named "three"');
  });
});

describe('bad input', () => {
  test('a message of ten megabytes is found by what stands in its middle, shown as a part, and whole when asked for', async () => {
    const one = shelf();
    const filler = 'The committee met again and wrote down what had been said. '.repeat(85_000);
    const text = `${filler}The vault opens with marzipan.${filler}`;
    await one.importLines([{ id: 'big', text }], 'x');
    const [hit] = await one.memory.search({ query: 'What opens the vault? marzipan', tokens: 400 }, one.memory.space('x'));
    expect([hit?.source, hit?.text.includes('marzipan'), (hit?.tokens ?? 0) <= 400]).toEqual([['big'], true, true]);
    expect(
      one.memory
        .show(one.memory.space('x'), 'big')
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  }, 60_000);

  test('twenty thousand tiny messages are taken, and the one that differs is found first', async () => {
    const one = shelf();
    await one.importLines(
      Array.from({ length: 20_000 }, (_, at) => ({ id: at, at: 1_700_000_000_000 + at, text: at === 12_345 ? 'ok, zanzibar' : 'ok' })),
      'x',
    );
    expect((await sourcesOf(one, 'zanzibar', 'x'))[0]).toBe('12345');
    expect((await sourcesOf(one, 'ok', 'x')).length).toBe(20);
    expect(one.memory.undo(one.memory.space('x'))).toMatchObject({ what: 'import', items: 20_000 });
  }, 60_000);

  test.each([
    ['Chinese', '我们上周在杭州西湖边吃了一顿龙井虾仁', '龙井虾仁在哪里吃的'],
    ['Japanese', '昨日は京都で抹茶アイスを食べました', '抹茶アイス'],
    ['Korean', '지난주에 부산에서 해운대를 걸었어요', '해운대'],
    ['Thai', 'เมื่อวานฉันกินต้มยำกุ้งที่ตลาด', 'ต้มยำกุ้ง'],
    ['Arabic', 'زرت المتحف الوطني في بغداد', 'المتحف'],
    ['Hebrew', 'ביקרתי במוזיאון בחיפה', 'מוזיאון בחיפה'],
    ['Hindi', 'मैंने जयपुर में हवा महल देखा', 'जयपुर'],
    ['Russian', 'Вчера я ездил в Ёлкино на поезде', 'елкино'],
    ['Greek', 'Είδα την Ακρόπολη στην Αθήνα', 'ακροπολη'],
    ['accents', 'Wir trafen Zoë im Café Müller', 'zoe cafe muller'],
    ['Vietnamese', 'Tôi ăn phở bò ở Hà Nội', 'pho bo'],
    ['emoji', 'the parcel came 📦 today 🎉', '🎉'],
    ['a family of emoji', 'all of us 👩‍👩‍👧 at the lake', 'lake 👩‍👩‍👧'],
    ['full width', 'ＮＡＣＲＥ１２３ is the name', 'nacre123'],
  ])('%s is found', async (_, text, query) => {
    const one = shelf();
    await one.importLines([...Array.from({ length: 5 }, (__, at) => ({ id: `x${at}`, text: 'something else entirely, 别的事情' })), { id: 'it', text }], 'x');
    expect((await sourcesOf(one, query, 'x'))[0]).toBe('it');
  });

  test('NUL and lone surrogates become U+FFFD, and the words around them are found', async () => {
    const one = shelf();
    await one.importLines(['{"id":"n","author":"A\\u0000","text":"before\\u0000after harpsichord \\ud800 end"}'], 'x');
    const [hit] = await one.memory.search({ query: 'harpsichord', limit: 1 }, one.memory.space('x'));
    expect(hit?.text).toBe('A\uFFFD: before\uFFFDafter harpsichord \uFFFD end');
  });

  test('the year 1 and years to come are kept, shown and asked for', async () => {
    const one = shelf();
    const lines = [
      { id: 'old', at: '0001-06-15T12:00:00Z', text: 'The comet was seen.' },
      { id: 'new', at: '2999-01-15T12:00:00Z', text: 'The comet is back.' },
      { id: 'far', at: '+012345-01-01T00:00:00Z', text: 'The comet rests.' },
    ];
    expect((await one.importLines(lines, 'x')).problems).toEqual([]);
    const space = one.memory.space('x');
    const text = async (query: string) => (await one.memory.search({ query, limit: 1 }, space))[0]?.text;
    expect([await text('comet seen'), await text('comet in January 2999')]).toEqual(['0001-06-15 The comet was seen.', '2999-01-15 The comet is back.']);
  });

  test.each(['"', '*', 'a AND', 'NEAR(', '-', "'; DROP TABLE", '1:x', '', ' ', '的', '\u0000', '\ud800', '😀', 'x'.repeat(100_000), 'the of and'])(
    'the query %j is only words',
    async (query) => {
      const one = shelf();
      await one.importLines([{ id: 'a', text: 'hello there' }], 'x');
      expect(Array.isArray(await one.memory.search({ query, tokens: 100 }, one.memory.space('x')))).toBe(true);
    },
  );
});

describe('a damaged index', () => {
  const remembered = async (): Promise<Shelf> => {
    const one = shelf();
    one.say('The heron stands in the reeds.');
    await one.importLines([{ id: 'a', text: 'the otter swims' }], 'x');
    await sourcesOf(one, 'heron');
    return one;
  };

  const damage = (sql: string) => (file: string) => {
    const sqlite = new DatabaseSync(file, { defensive: false });
    sqlite.exec(sql);
    sqlite.close();
  };

  test.each([
    ['overwritten', `UPDATE memory_index_data SET block = x'00ff00ff00ff' WHERE id > 9`],
    ['cut off', 'DELETE FROM memory_index_data WHERE id > 9'],
    ['emptied', 'DELETE FROM memory_index_docsize'],
  ])('that was %s is made anew from what is stored, and said once', async (_, sql) => {
    const one = await remembered();
    const again = one.reopen(damage(sql));
    expect([await sourcesOf(again, 'heron'), await sourcesOf(again, 'otter', 'x')]).toEqual([['e1'], ['a']]);
    expect(again.notices.map(({ code }) => code)).toEqual(['memory.index-rebuilt']);
    const later = again.reopen();
    expect([await sourcesOf(later, 'heron'), later.notices]).toEqual([['e1'], []]);
  });

  test('does not bring back what was forgotten', async () => {
    const one = await remembered();
    one.memory.forget(['e1']);
    one.pass(8 * day);
    one.memory.start();
    expect(await sourcesOf(one.reopen(damage('DELETE FROM memory_index_docsize')), 'heron')).toEqual([]);
  });
});

test('what memory says before a turn is short, to the point, and never what is in view already', () => {
  const one = shelf();
  const old = one.say('My sister Joana is allergic to peanuts.', 1);
  one.pass(day);
  const now = one.say('Is my sister Joana allergic to something?', 2);
  const before = (message: string, conversation = 2, from = now) => one.memory.recallFor(message, 100, { conversation, from });
  expect(before('Is my sister Joana allergic to something?')).toBe('2026-05-20\nperson: My sister Joana is allergic to peanuts.');
  expect(before('Is my sister Joana allergic to something?', 1, old)).not.toContain('peanuts');
  expect([before('Write a poem about the moon'), before('thanks!'), before('')]).toEqual([null, null, null]);
});

test('nothing of memory lies outside the one file of the journal', async () => {
  const one = shelf();
  one.say('The spare key lies under the flowerpot.');
  await sourcesOf(one, 'key');
  const files = readdirSync(one.data).filter((file) => file !== 'nacre.pid' && !/^nacre\.db(-wal|-shm)?$/.test(file));
  expect([files, readFileSync(join(one.data, 'nacre.pid'), 'utf8')]).toEqual([[], String(process.pid)]);
});
