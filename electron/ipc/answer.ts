// One request answered: name and payload checked, then the handler, then a value or a fault. Every transport goes through here.
import type { z } from 'zod';
import { type Fault, FaultError, fault, type Reply } from '../contract/fault.ts';
import { type Handlers, type RequestName, requests } from '../contract/request.ts';
import type { Log } from '../log.ts';

/** Never rejects: a fault comes back as a value, and a defect of ours is logged and comes back as `app.defect`. */
export async function answer(handlers: Handlers, log: Log, name: unknown, payload: unknown): Promise<Reply<unknown>> {
  if (typeof name !== 'string' || !isRequest(name)) return { ok: false, fault: fault('request.unknown', { name: String(name).slice(0, 100) }) };
  const parsed = requests[name].input.safeParse(payload);
  if (!parsed.success) return { ok: false, fault: refused(name, parsed.error) };
  try {
    const handler = handlers[name] as (input: unknown) => unknown;
    return { ok: true, value: (await handler(parsed.data)) ?? {} };
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault };
    log.error('request.defect', error, { name });
    return { ok: false, fault: fault('app.defect', { detail: name }) };
  }
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}

function refused(name: string, { issues: [issue] }: z.ZodError): Fault {
  const field = issue?.path.map(String).join('.') || 'the payload';
  if (issue?.code === 'too_big') return fault('request.too-big', { field, limit: Number(issue.maximum) });
  return fault('request.invalid', { name, reason: `${field}: ${issue?.message ?? 'invalid'}` });
}
