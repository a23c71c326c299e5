import { expect, test } from 'vitest';
import { parseTime, relativeIn, spansIn } from './when.ts';

const at = (year: number, month: number, day: number, hour = 0, minute = 0): number => new Date(year, month - 1, day, hour, minute).getTime();
const now = at(2026, 5, 20, 12); // a Wednesday
const known = { from: at(2024, 3, 1), until: now };
const days = (query: string): string[] => spansIn(query, now, known).map(({ from, until }) => `${local(from)} ${local(until)}`);
const local = (time: number): string => new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

test.each([
  ['2024-01-02T03:04:05Z', Date.UTC(2024, 0, 2, 3, 4, 5)],
  ['2024-01-02', at(2024, 1, 2)],
  [1_700_000_000_000, 1_700_000_000_000],
  [1_700_000_000, 1_700_000_000_000],
  ['1700000000', 1_700_000_000_000],
  ['1:56 pm on 8 May, 2023', at(2023, 5, 8, 13, 56)],
  ['12:05 am on 8 May, 2023', at(2023, 5, 8, 0, 5)],
  ['May 8th, 2023 9:30', at(2023, 5, 8, 9, 30)],
  ['2023年5月8日', at(2023, 5, 8)],
  ['2023/5/8 17:00', at(2023, 5, 8, 17)],
  ['0001-01-01T00:00:00Z', -62_135_596_800_000],
  ['yesterday or so', null],
  ['', null],
  [null, null],
  [Number.NaN, null],
  [1e300, null],
  ['9999999999999999999', null],
])('a time written %j is read', (text, time) => {
  expect(parseTime(text)).toBe(time);
});

test.each([
  ['what did I do yesterday', ['2026-05-19 2026-05-20']],
  ['昨天我做了什么', ['2026-05-19 2026-05-20']],
  ['last week', ['2026-05-11 2026-05-18']],
  ['上个月去了哪里', ['2026-04-01 2026-05-01']],
  ['what happened last May?', ['2025-05-01 2025-06-01']],
  ['last summer', ['2025-06-01 2025-09-01']],
  ['last Monday', ['2026-05-18 2026-05-19']],
  ['three months ago', ['2026-02-10 2026-03-02']],
  ['3天前', ['2026-05-17 2026-05-18']],
  ['on 4 December, 2023', ['2023-12-04 2023-12-05']],
  ['on August 11 2023', ['2023-08-11 2023-08-12']],
  ['in June', ['2026-06-01 2026-07-01', '2025-06-01 2025-07-01', '2024-06-01 2024-07-01']],
  ['2025年3月的会议', ['2025-03-01 2025-04-01']],
  ['in 2025', ['2025-01-01 2026-01-01']],
  ['去年', ['2025-01-01 2026-01-01']],
  ['what may I eat', []],
  ['who is Joana', []],
])('"%s" asks for its stretch of time', (query, spans) => {
  expect(days(query)).toEqual(spans);
});

test('an event that stands for a time is found with its side', () => {
  expect([relativeIn('What did I buy before the trip to Rome?'), relativeIn('who called after my surgery'), relativeIn('just a question')]).toEqual([
    { side: 'before', event: 'the trip to Rome' },
    { side: 'after', event: 'my surgery' },
    null,
  ]);
});
