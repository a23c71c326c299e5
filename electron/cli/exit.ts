// How a command ends, and what is refused before it begins: exit codes, and arguments that can't be right.
import { type Fault, FaultError } from '../contract/fault.ts';

export const exitCode = { done: 0, failed: 2, waiting: 3, usage: 64, interrupted: 130 } as const;

/** Faults that say the command was not given what it needs; all others are failures. */
const usageFaults: ReadonlySet<string> = new Set([
  'usage',
  'conversation.empty-message',
  'conversation.message-too-long',
  'folder.missing',
  'model.not-an-address',
]);

/** The command can't be understood; `message` is a full sentence. */
export function usageError(message: string): FaultError {
  return new FaultError({ code: 'usage', message });
}

export function exitCodeOf(found: Fault): number {
  return usageFaults.has(found.code) || /^(typed|check|path)\.|^request\.(invalid|too-big)$/.test(found.code) ? exitCode.usage : exitCode.failed;
}

/** A positive whole number, with or without its letter: `12`, `r12`. */
export function parseId(text: string, letter: string): number {
  const digits = new RegExp(`^${letter}?([1-9]\\d{0,14})$`, 'i').exec(text)?.[1];
  if (digits === undefined) throw usageError(`"${text}" is not a number such as ${letter}12.`);
  return Number(digits);
}

/** More than nothing. */
export function parseAmount(text: string, isWhole: boolean): number {
  const amount = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (amount > 0 && (!isWhole || Number.isSafeInteger(amount))) return amount;
  throw usageError(`"${text}" is no ${isWhole ? 'whole ' : ''}number above 0.`);
}
