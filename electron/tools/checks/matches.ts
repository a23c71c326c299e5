// Whether a text matches a pattern that a person or a model wrote, within a bounded time.
import { createContext, Script } from 'node:vm';
import { type Fault, fault } from '../../contract/fault.ts';
import { ToolRefusal } from '../tool.ts';

const patienceMs = 1_000;

/** Throws a ToolRefusal where the pattern is none, or takes too long on this text. */
export function matches(pattern: string, text: string): boolean {
  const trouble = patternTrouble(pattern);
  if (trouble !== null) throw new ToolRefusal(trouble);
  // A pattern such as (a+)+$ can take for ever, and only a script of its own can be interrupted. Nothing but the two strings goes in.
  const context = createContext({ source: pattern, text }, { codeGeneration: { strings: false, wasm: false } });
  try {
    return new Script("new RegExp(source, 'mu').test(text)").runInContext(context, { timeout: patienceMs }) === true;
  } catch (error) {
    // Not `instanceof Error`: what is thrown may come from the other context.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new ToolRefusal(fault('check.pattern-slow', { pattern, seconds: patienceMs / 1000 }));
    throw error;
  }
}

/** Null where it is a regular expression. */
export function patternTrouble(pattern: string): Fault | null {
  try {
    new RegExp(pattern, 'mu');
    return null;
  } catch (error) {
    return fault('check.pattern', { pattern, reason: error instanceof Error ? error.message : String(error) });
  }
}
