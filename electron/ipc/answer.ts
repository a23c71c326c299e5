// One request answered: name and payload checked, then the handler, then a value or a fault. Every transport goes through here.
import { FaultError, fault, type Reply } from '../contract/fault.ts';
import { type Handlers, type RequestName, requests } from '../contract/request.ts';
import type { Log } from '../log.ts';

/** Never rejects: a fault comes back as a value, and a defect of ours is logged and comes back as `app.defect`. */
export async function answer(handlers: Handlers, log: Log, name: unknown, payload: unknown): Promise<Reply<unknown>> {
  if (typeof name !== 'string' || !isRequest(name)) return { ok: false, fault: fault('request.unknown', { name: String(name).slice(0, 100) }) };
  const parsed = requests[name].input.safeParse(payload);
  if (!parsed.success) return { ok: false, fault: fault('request.invalid', { name, reason: firstIssue(parsed.error) }) };
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

function firstIssue(error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] }): string {
  const issue = error.issues[0];
  return issue === undefined ? 'invalid' : `${issue.path.map(String).join('.') || 'the payload'}: ${issue.message}`;
}
