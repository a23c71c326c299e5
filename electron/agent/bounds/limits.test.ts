import { describe, expect, test } from 'vitest';
import type { Effect, Entry, EntryBody } from '../../contract/entry.ts';
import { advance, newProgress, type Progress } from '../progress.ts';
import { limitReached, taskLimits, turnLimits, warning } from './limits.ts';

const usage = { model: 'm', where: 'scripted', read: 1, reused: 0, written: 1, prefillMs: 0, decodeMs: 0 } as const;
const plan = (text: string): EntryBody => ({ type: 'planned', plan: { steps: [{ text, state: 'todo' }], constraints: [], obligations: [], checks: [] } });
const told: EntryBody = { type: 'told', text: 'x', about: 'limit' };
const effects: Readonly<Record<string, Effect>> = { read: 'none', look: 'none', write: 'repeatable', run: 'once' };
const effectOf = (tool: string): Effect => effects[tool] ?? 'none';

/** A step is a reply with one call, `tool arguments=result`; a capital tool has an effect. Steps are `every` milliseconds apart. */
function after(steps: readonly (string | EntryBody)[], every = 1): { readonly progress: Progress; readonly now: number } {
  const progress = newProgress();
  let id = 0;
  const put = (body: EntryBody, at: number): void => {
    const entry: Entry = { id: ++id, run: 1, at, body };
    advance(progress, entry);
  };
  put({ type: 'message', text: 'go' }, 0);
  for (const [index, step] of steps.entries()) {
    const at = (index + 1) * every;
    if (typeof step !== 'string') {
      put(step, at);
      continue;
    }
    const [call = '', output = ''] = step.split('=');
    const [tool = '', args = ''] = call.split(' ');
    put({ type: 'reply', seen: progress.heard, text: '', calls: [{ id: `c${index}`, tool, arguments: args }], usage }, at);
    if (effectOf(tool) !== 'none') put({ type: 'intent', call: `c${index}`, effect: effectOf(tool) }, at);
    put({ type: 'outcome', call: `c${index}`, status: 'done', output }, at);
  }
  return { progress, now: steps.length * every };
}
const times = (count: number, ...steps: readonly string[]): string[] => Array.from({ length: count }, () => steps).flat();
const numbered = <T>(count: number, of: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => of(n));
const second = 1_000;

type Row = [title: string, steps: readonly (string | EntryBody)[], every: number, warned: boolean, ends: string | null];
const table: readonly Row[] = [
  ['one call is nothing', ['write a=x'], 1, false, null],
  ['two equal writes are nothing', times(2, 'write a=x'), 1, false, null],
  ['three equal writes are told', times(3, 'write a=x'), 1, true, null],
  ['five end it', times(5, 'write a=x'), 1, true, 'run.repeats'],
  ['a command likewise', times(5, 'run a=x'), 1, true, 'run.repeats'],
  ['other results are no repetition', numbered(9, (n) => `run a=${n}`), 1, false, null],
  ['other arguments are no repetition', numbered(9, (n) => `write ${n}=x`), 1, false, null],
  ['equal reads may be quick', times(20, 'read a=x'), 1, false, null],
  ['for half a minute', times(31, 'read a=x'), second, true, null],
  ['but not for a whole one', times(61, 'read a=x'), second, true, 'run.repeats'],
  ['two writes by turns, twice, are nothing', times(2, 'write a=x', 'write b=y'), 1, false, null],
  ['three times are told', times(3, 'write a=x', 'write b=y'), 1, true, null],
  ['five times end it', times(5, 'write a=x', 'write b=y'), 1, true, 'run.ping-pong'],
  ['a read and a write by turns likewise', times(5, 'read a=x', 'write b=y'), 1, true, 'run.ping-pong'],
  ['two reads by turns may be quick', times(9, 'read a=x', 'look b=y'), 1, false, null],
  ['but not go on', times(40, 'read a=x', 'look b=y'), second, true, 'run.ping-pong'],
  ['by turns with other results is work', numbered(20, (n) => (n % 2 === 0 ? 'write a=x' : `run test=${n}`)), 1, false, null],
  ['three by turns that change something are work to the eye of code', times(4, 'write a=x', 'write b=y', 'write c=z'), 1, false, null],
  ['new results are progress', numbered(90, (n) => `read ${n}=${n}`), 3 * second, false, null],
  ['the same news from other places is none: told', numbered(17, (n) => `read ${n}=nothing`), 3 * second, true, null],
  ['and in the end over', numbered(32, (n) => `read ${n}=nothing`), 3 * second, true, 'run.no-progress'],
  ['quick steps have time', numbered(200, (n) => `read ${n}=nothing`), 1, false, null],
  ['three reads in a circle are no progress', times(12, 'read a=x', 'read b=y', 'read c=z'), 3 * second, true, 'run.no-progress'],
  ['an effect is progress', numbered(90, (n) => (n % 10 === 0 ? `write ${n}=ok` : `read ${n}=nothing`)), 3 * second, false, null],
  ['a plan that changes is progress', numbered(90, (n) => (n % 10 === 0 ? plan(String(n)) : `read ${n}=nothing`)), 3 * second, false, null],
  ['a plan that stays is none', numbered(60, (n) => (n % 10 === 0 ? plan('same') : `read ${n}=nothing`)), 3 * second, true, 'run.no-progress'],
  ['a message begins anew', [...times(4, 'write a=x'), { type: 'message', text: 'on' } as const, ...times(2, 'write a=x')], 1, false, null],
  ['a pause begins anew', [...times(4, 'run a=x'), { type: 'resting', until: 1, why: 'checks' } as const, ...times(2, 'run a=x')], 1, false, null],
  ['what was told is not told again', [...times(3, 'write a=x'), told, 'write a=x'], 1, false, null],
  ['but what comes anew is', [...times(3, 'write a=x'), told, 'write b=new', ...times(3, 'write c=z')], 1, true, null],
];

test.each(table)('%s', (_title, steps, every, warned, ends) => {
  const { progress, now } = after(steps, every);
  expect([warning(progress, taskLimits, effectOf, now) !== null, limitReached(progress, taskLimits, effectOf, now)?.code ?? null]).toEqual([warned, ends]);
});

describe('when the person lets a run go on', () => {
  const parked: EntryBody = { type: 'parked', approval: 1, about: 'trouble', fault: { code: 'x', message: 'x' } };
  const answered: EntryBody = { type: 'answered', call: '', approval: 1, answer: 'once' };
  test('its trouble is forgotten, and its steps count from there', () => {
    const { progress, now } = after([...times(5, 'write a=x'), parked, answered]);
    expect([limitReached(progress, turnLimits, effectOf, now), progress.resumedAt]).toEqual([null, 5]);
    expect(limitReached({ ...progress, steps: turnLimits.steps + 4 }, turnLimits, effectOf, now)).toBe(null);
    expect(limitReached({ ...progress, steps: turnLimits.steps + 5 }, turnLimits, effectOf, now)?.code).toBe('run.step-limit');
  });
});
