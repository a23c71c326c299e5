// The seam to what the assistant can do: a name, a schema, what it does to the world, and how it is done.
import type { z } from 'zod';
import type { Effect, EntryBody } from '../contract/entry.ts';
import type { Fault } from '../contract/fault.ts';

export type CallPlace = {
  /** The folder the person chose, absolute and resolved; null where none was chosen. */
  readonly folder: string | null;
  /** A folder of ours for the run's large outputs; exists. */
  readonly scratch: string;
  /** Aborts when the person stops the run: the tool ends what it started, processes included, before its promise settles. */
  readonly signal: AbortSignal;
};

/** What the person is shown before a call that asks. */
export type Preview = {
  /** One line: the path or the command. */
  readonly title: string;
  /** The exact bytes that would be written or executed. */
  readonly payload: string;
  /** Where the call replaces a file: what it holds now, or a sentence about it where that is no text or too long. Null where nothing is replaced. */
  readonly before: string | null;
  /** What the call would act on, absolute: the scope of a grant for this conversation. */
  readonly scope: string;
  /** What patterns are matched against: the absolute path or the command, and the folder in which it acts, both resolved. Absent where a tool has no patterns. */
  readonly subject?: { readonly text: string; readonly folder: string };
  /** Why the call would run with all the person's rights, outside the sandbox; null or absent where it would not. It is asked about every time then. */
  readonly caution?: Fault | null;
};

export type ToolResult = {
  readonly ok: boolean;
  /** What the model reads. Short: a tool that has more writes it to `file` and gives head, tail and the path here. */
  readonly output: string;
  readonly file?: string;
  /** The sentence with which `output` ends, where people read it too. */
  readonly said?: Fault;
  /** Entries of the run that are recorded in one commit with the outcome, such as its plan. */
  readonly also?: readonly EntryBody[];
};

export type Probed = 'happened' | 'did-not-happen' | 'unknown' | ToolResult;

export type Tool<Arguments = unknown> = {
  readonly name: string;
  /** One or two sentences for the model; every word costs prompt. */
  readonly description: string;
  readonly parameters: z.ZodType<Arguments>;
  readonly effect: Effect;
  /** True where the person is asked before each call unless a grant covers it. */
  readonly asks: boolean;
  /** What a grant's pattern says of it, and that it keeps inside the folder; a tool without can only be granted as a whole. */
  readonly patterns?: 'path' | 'command';
  /** One line for people: the path, the command. Pure; never throws. */
  title(args: Arguments): string;
  /**
   * Refuses what can never run (a path outside the folder, no folder chosen) by throwing a ToolRefusal, and shows what would run.
   * Looks but changes nothing; is called again right before `run`, because files may have changed since the person answered.
   */
  prepare(args: Arguments, place: CallPlace): Promise<Preview>;
  /** What must be known to find out later whether the call happened; stored with the intent. */
  receipt?(args: Arguments, place: CallPlace): Promise<string>;
  /** After a crash between intent and outcome: did it happen, and perhaps with which result? `unknown` where that can't be told. */
  probe?(args: Arguments, receipt: string, place: CallPlace): Promise<Probed>;
  /**
   * Does it. May throw: the loop turns a ToolRefusal or any error into a result that the model can read.
   * `receipt` is what `receipt()` returned for this call and was stored with its intent.
   */
  run(args: Arguments, place: CallPlace, receipt?: string): Promise<ToolResult>;
};

/** A refusal in words that the model (and the person) can act on. */
export class ToolRefusal extends Error {
  readonly fault: Fault;
  /** A fault where people read it too, such as what a check found. */
  constructor(said: string | Fault) {
    super(typeof said === 'string' ? said : said.message);
    this.name = 'ToolRefusal';
    this.fault = typeof said === 'string' ? { code: 'tool.refused', message: said } : said;
  }
}
