// Whether a text matches a pattern that a person or a model wrote, within a bounded time.
import { createContext, Script } from 'node:vm';
import { ToolRefusal } from '../tool.ts';

const patienceMs = 1_000;

/** Throws a ToolRefusal where the pattern is none, or takes too long on this text. */
export function matches(pattern: string, text: string): boolean {
  let regex: RegExp;
  try {
    regex = new RegExp(pattern, 'mu');
  } catch (error) {
    throw new ToolRefusal(`/${pattern}/ is not a regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
  // A pattern such as (a+)+$ can take for ever, and only a script of its own can be interrupted. Nothing but the two strings goes in.
  const context = createContext({ source: regex.source, text }, { codeGeneration: { strings: false, wasm: false } });
  try {
    return new Script("new RegExp(source, 'mu').test(text)").runInContext(context, { timeout: patienceMs }) === true;
  } catch (error) {
    // Not `instanceof Error`: what is thrown may come from the other context.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new ToolRefusal(`/${pattern}/ took longer than ${patienceMs / 1000} s on this text. Write a simpler pattern.`);
    throw error;
  }
}
