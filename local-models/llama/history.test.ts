import { expect, test } from 'vitest';
import type { EngineMessage } from '../engine.ts';
import { fromResponse, toHistory, type Written } from './history.ts';

const marks = { quote: <T>(value: T) => value };
const ended = { contextWindow: [], cleanHistory: [], contextShiftMetadata: null };
const thought = { type: 'segment', segmentType: 'thought', text: 'Hmm.', ended: true, raw: 'Hmm.' } as const;
const tool = {
  name: 'read_file',
  description: '',
  parameters: { type: 'object', properties: { path: { type: 'string' }, lines: { type: 'integer' } }, required: ['path'] },
};

/** A reply that thinks, speaks and calls, as the library returns it. */
function reply(written: Written) {
  const functionCalls = [{ functionName: 'read_file', params: { path: 'a', lines: null }, raw: 'RAW' }];
  return fromResponse(
    {
      response: 'Let me see.',
      fullResponse: [thought, 'Let me see.'],
      functionCalls,
      lastEvaluation: ended,
      metadata: { stopReason: 'functionCalls' },
    } as never,
    [tool],
    written,
  );
}

test('within its turn a reply is shown as it was written: with its thought, its nulls and its own spelling', () => {
  const written: Written = new Map();
  const { text, calls, thought: thoughtText } = reply(written);
  expect([text, thoughtText, calls]).toEqual(['Let me see.', 'Hmm.', [{ id: expect.stringMatching(/^call-/), tool: 'read_file', arguments: '{"path":"a"}' }]]);
  const messages: EngineMessage[] = [
    { role: 'user', text: 'Look' },
    { role: 'assistant', text, calls },
    { role: 'tool', call: calls[0]?.id ?? '', text: 'Found.' },
  ];
  expect(toHistory('S', messages, written, marks)).toEqual([
    { type: 'system', text: 'S' },
    { type: 'user', text: 'Look' },
    {
      type: 'model',
      response: [
        thought,
        'Let me see.',
        { type: 'functionCall', name: 'read_file', params: { path: 'a', lines: null }, result: 'Found.', rawCall: 'RAW', startsNewChunk: true },
      ],
    },
  ]);
});

test('once the person has spoken again, thoughts are left out', () => {
  const written: Written = new Map();
  const { text, calls } = reply(written);
  const messages: EngineMessage[] = [
    { role: 'assistant', text, calls },
    { role: 'user', text: 'And?' },
  ];
  expect(toHistory('', messages, written, marks)[0]).toMatchObject({ type: 'model', response: ['Let me see.', { type: 'functionCall' }] });
});

test('replies of another time or another model are shown from what the messages keep', () => {
  const messages: EngineMessage[] = [
    { role: 'user', text: 'Look' },
    {
      role: 'assistant',
      text: '',
      calls: [
        { id: '1', tool: 'read_file', arguments: '{"path":"a"}' },
        { id: '2', tool: 'read_file', arguments: '{"path":' },
      ],
    },
    { role: 'tool', call: '1', text: 'One' },
    { role: 'tool', call: '2', text: 'Two' },
    { role: 'assistant', text: 'Done.', calls: [] },
  ];
  expect(toHistory('', messages, new Map(), marks)[1]).toEqual({
    type: 'model',
    response: [
      { type: 'functionCall', name: 'read_file', params: { path: 'a' }, result: 'One', startsNewChunk: true },
      { type: 'functionCall', name: 'read_file', params: { arguments: '{"path":' }, result: 'Two', startsNewChunk: false },
      'Done.',
    ],
  });
});
