import { describe, expect, test } from 'vitest';
import type { Entry, EntryBody } from '../contract/entry.ts';
import { limitReached, turnLimits } from './bounds/limits.ts';
import { advance, newProgress, nextStep, type Progress } from './progress.ts';

const usage = { model: 'm', where: 'scripted', read: 1, reused: 0, written: 1, prefillMs: 0, decodeMs: 0 } as const;
const message: EntryBody = { type: 'message', text: 'hi' };
const reply = (seen: number, text: string, ...calls: string[]): EntryBody => ({
  type: 'reply',
  seen,
  text,
  calls: calls.map((id) => ({ id, tool: 'run_command', arguments: '{}' })),
  usage,
});
const intent = (call: string): EntryBody => ({ type: 'intent', call, effect: 'once' });
const outcome = (call: string, output = 'ok', status: 'done' | 'unknown' = 'done'): EntryBody => ({ type: 'outcome', call, status, output });
const asked = (call: string): EntryBody => ({ type: 'asked', call, approval: 7 });
const answered = (call: string): EntryBody => ({ type: 'answered', call, approval: 7, answer: 'once' });

function after(...bodies: readonly EntryBody[]): Progress {
  const progress = newProgress();
  bodies.forEach((body, index) => {
    const entry: Entry = { id: index + 1, run: 1, at: index, body };
    advance(progress, entry);
  });
  return progress;
}

describe('what to do next follows from what was recorded', () => {
  test.each<[string, readonly EntryBody[], string]>([
    ['after a message the model is asked', [message], 'ask-model'],
    ['after a final reply the run is finished', [message, reply(1, 'Hello.')], 'finish'],
    ['an empty reply is no answer', [message, reply(1, ' ')], 'ask-model'],
    ['a reply with calls is followed by its calls', [message, reply(1, '', 'a', 'b')], 'call'],
    ['and by the second when the first has its outcome', [message, reply(1, '', 'a', 'b'), intent('a'), outcome('a')], 'call'],
    ['when all have theirs the model is asked again', [message, reply(1, 'x', 'a'), outcome('a')], 'ask-model'],
    ['an intent without an outcome is settled first', [message, reply(1, '', 'a'), intent('a')], 'settle'],
    ['even where the person has said something more', [message, reply(1, '', 'a'), intent('a'), message], 'settle'],
    ['a call put to the person waits', [message, reply(1, '', 'a'), asked('a')], 'wait'],
    ['and goes on when answered', [message, reply(1, '', 'a'), asked('a'), answered('a')], 'call'],
    ['a question asked anew waits again', [message, reply(1, '', 'a'), asked('a'), answered('a'), asked('a')], 'wait'],
    ['calls not begun are skipped when the person says something more', [message, reply(1, '', 'a', 'b'), message], 'skip'],
    ['a message said while the model spoke is answered too', [message, message, reply(1, 'First.')], 'ask-model'],
    ['one that it was shown is not answered twice', [message, message, reply(2, 'Both.')], 'finish'],
  ])('%s', (_title, bodies, next) => {
    expect(nextStep(after(...bodies), 0, false).type).toBe(next);
  });

  test('entries that are no business of the loop change nothing', () => {
    expect(after(message, { type: 'started', attempt: 1, model: 'm' }, { type: 'waiting', for: 'approval' })).toEqual(after(message));
  });
});

describe('limits', () => {
  const many = (times: number, output?: string): readonly EntryBody[] => [
    message,
    ...Array.from({ length: times }, (_, n) => [reply(1, '', `a${n}`), outcome(`a${n}`, output ?? 'same')]).flat(),
  ];
  test('the same effect with the same result, five times in a row, ends the run', () => {
    expect([4, 5].map((times) => limitReached(after(...many(times)), turnLimits, () => 'once', 0)?.code)).toEqual([undefined, 'run.repeats']);
  });
  test('a call that only reads may be repeated for a minute', () => {
    expect([10, 90_000].map((now) => limitReached(after(...many(9)), turnLimits, () => 'none', now)?.code)).toEqual([undefined, 'run.repeats']);
  });
  test('a different result starts the count anew', () => {
    const bodies = [...many(4), ...many(4, 'other').slice(1)];
    expect(limitReached(after(...bodies), turnLimits, () => 'once', 0)).toBe(null);
  });
  test('empty replies and steps are bounded', () => {
    expect(limitReached(after(message, reply(1, ''), reply(1, '')), turnLimits, () => 'none', 0)?.code).toBe('run.empty-replies');
    expect(limitReached({ ...newProgress(), steps: turnLimits.steps }, turnLimits, () => 'none', 0)?.code).toBe('run.step-limit');
  });
  test('calls that can not be read end the run after three in a row', () => {
    const bad = (call: string): EntryBody => ({ type: 'outcome', call, status: 'failed', output: call, malformed: true });
    expect(limitReached(after(message, reply(1, '', 'a', 'b', 'c'), bad('a'), bad('b'), bad('c')), turnLimits, () => 'none', 0)?.code).toBe(
      'model.malformed-calls',
    );
  });
});
