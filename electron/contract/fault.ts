// Expected failures that have a reader, and what checks found. The sentence is made here in English, from faults.json; `tell.ts` translates by code and values.
import { z } from 'zod';
import faultTexts from './faults.json' with { type: 'json' };
import { fill } from './tell.ts';

export type FaultCode = keyof typeof faultTexts;
export type FaultValues = Readonly<Record<string, string | number>>;

export const Fault = z.object({
  code: z.string(),
  /** A full English sentence: what was expected, what was found, what to do. */
  message: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** True where the same action may succeed if tried again. */
  retry: z.boolean().optional(),
});
export type Fault = z.infer<typeof Fault>;

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** Makes a fault whose sentence is the code's template with `{{name}}` filled from `values`. */
export function fault(code: FaultCode, values: FaultValues = {}, options: { readonly retry?: boolean } = {}): Fault {
  return { code, message: fill(faultTexts[code], values), values: { ...values }, ...(options.retry === undefined ? {} : { retry: options.retry }) };
}

/** The same as an answer that refuses. */
export function refusal(code: FaultCode, values: FaultValues = {}): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: fault(code, values) };
}

/** What was thrown, as something to say: a defect of ours keeps its details for the log. */
export function faultOf(error: unknown, detail = error instanceof Error ? error.message : String(error)): Fault {
  return error instanceof FaultError ? error.fault : fault('app.defect', { detail });
}

/** Carries a fault through code that throws; whoever answers a request turns it back into a value. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(carried: Fault) {
    super(carried.message);
    this.name = 'FaultError';
    this.fault = carried;
  }
}
