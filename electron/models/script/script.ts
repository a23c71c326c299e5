// What a scripted model may say: the lines, their groups, and the JSON file that holds them.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type FaultCode, FaultError, fault } from '../../contract/fault.ts';
import faultTexts from '../../contract/faults.json' with { type: 'json' };
import { PromptTier } from '../../contract/model.ts';
import type { ModelRequest } from '../model.ts';

/** What the last message must contain when a line is said. */
const Expectation = z.strictObject({ last: z.string() });

const Line = z.strictObject({
  text: z.string().optional(),
  thought: z.string().optional(),
  /** `arguments` as text is passed on as it stands, to play a model that writes malformed JSON. */
  calls: z.array(z.strictObject({ tool: z.string(), arguments: z.union([z.record(z.string(), z.unknown()), z.string()]) })).optional(),
  /** Ends the reply with this fault, after whatever text the line has. */
  fault: z
    .strictObject({
      code: z.custom<FaultCode>((code) => typeof code === 'string' && Object.hasOwn(faultTexts, code), 'not a fault code'),
      values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      retry: z.boolean().optional(),
    })
    .optional(),
  stop: z.literal('length').optional(),
  /** Milliseconds between the deltas of this line. */
  delayMs: z.number().min(0).optional(),
  /** Says the line this many times; `%N%` in its texts and arguments counts from 1. */
  repeat: z.number().int().min(1).optional(),
  expect: Expectation.optional(),
});

const Group = z.strictObject({ when: z.string().min(1), lines: z.array(Line) });

const ScriptFile = z.strictObject({
  contextTokens: z.number().int().min(256).optional(),
  tier: PromptTier.optional(),
  delayMs: z.number().min(0).optional(),
  /** A group answers from the last user message that contains its `when`; bare lines answer where no group does. */
  lines: z.array(z.union([Line, Group])),
});

export type Expect = z.infer<typeof Expectation> | ((request: ModelRequest) => void);
/** In code an expectation may also be a function that throws. */
export type ScriptLine = Omit<z.infer<typeof Line>, 'expect'> & { readonly expect?: Expect | undefined };
export type ScriptGroup = { readonly when: string; readonly lines: readonly ScriptLine[] };
export type ScriptFile = z.infer<typeof ScriptFile>;

/** Throws a FaultError that says what is wrong with the file. A bare list of lines is a script, too. */
export function readScript(path: string): ScriptFile {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return ScriptFile.parse(Array.isArray(content) ? { lines: content } : content);
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new FaultError(fault('model.load-failed', { name: path, reason }));
  }
}

/** The line as said for the n-th time. */
export function fillIn(line: ScriptLine, n: number): ScriptLine {
  if (line.repeat === undefined) return line;
  const { expect, repeat: _, ...rest } = line;
  const filled = JSON.parse(JSON.stringify(rest).replaceAll('%N%', String(n))) as ScriptLine;
  return expect === undefined ? filled : { ...filled, expect };
}

/** Says in words how the request differs from what the line expects; null where it does not. */
export function unmet(expect: Expect | undefined, request: ModelRequest): string | null {
  if (expect === undefined) return null;
  if (typeof expect === 'function') {
    try {
      expect(request);
      return null;
    } catch (error) {
      return String(error);
    }
  }
  const last = request.messages.at(-1)?.text ?? '';
  return last.includes(expect.last) ? null : `the last message was to contain "${expect.last}" and was "${last.slice(0, 500)}"`;
}
