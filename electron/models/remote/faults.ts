// Says in words what went wrong with a remote model: pure functions from what came back to a fault.
import { type Fault, fault } from '../../contract/fault.ts';
import { redacted } from '../fault/redact.ts';

/** To import `node:http` costs every start 40 ms, and this is seldom asked. */
const titleOfStatus = (status: number): string => process.getBuiltinModule('node:http').STATUS_CODES[status] ?? '-';

/** Who was asked, for the sentence; `key` only so that it never appears in one. */
export type Asked = { readonly host: string; readonly model: string; readonly key: string | null };

/** What went wrong, and whether the same request may be sent again at once (`againAfterMs` where the server named a time). */
export type Problem = { readonly fault: Fault; readonly busy?: { readonly status: number; readonly detail: string; readonly againAfterMs: number | null } };

/** A status that is not 2xx. `body` is its beginning. */
export function refusal(asked: Asked, status: number, headers: Headers, body: string, now: number): Problem {
  const { host, model } = asked;
  const error = errorIn(body);
  const detail = redacted(asked.key, error?.message ?? titleOf(body) ?? (body.trim() || titleOfStatus(status)));
  if (error !== null && /context.?(length|size|window)|prompt is too long|maximum context/i.test(`${error.kind} ${error.message}`))
    return { fault: contextFull(host, error.message, detail) };
  if (error !== null && isUnknownModel(status, error)) return { fault: fault('model.unknown-model', { host, model }) };
  if (/insufficient_quota|billing/i.test(error?.kind ?? '')) return { fault: fault('model.refused', { host, status, detail }) };
  if (status === 401 || status === 403) return { fault: fault('model.wrong-key', { host, status, detail }) };
  if (status === 404 || status === 405) return { fault: fault('model.wrong-address', { host, status }) };
  if (status === 429 || status === 408 || status >= 500)
    return { fault: busyFault(host, status, 1, detail), busy: { status, detail, againAfterMs: retryAfter(headers, now) } };
  return { fault: fault('model.refused', { host, status, detail }) };
}

/** After how many tries, and what the server said the last time. */
export function busyFault(host: string, status: number, tries: number, detail: string): Fault {
  const code = status === 429 ? 'model.busy' : 'model.failing';
  return fault(code, { host, status, tries, detail }, { retry: true });
}

/** An error that arrives inside a stream that began well. */
export function errorInStream(asked: Asked, body: string): Problem {
  const error = errorIn(body);
  const again = /overloaded|rate_limit|server_error|api_error|timeout/i.test(error?.kind ?? '');
  return { fault: fault('model.refused', { host: asked.host, status: 200, detail: redacted(asked.key, error?.message ?? body) }, { retry: again }) };
}

/** A 2xx whose body is no stream of events. */
export function notAStream(asked: Asked, body: string): Problem {
  if (errorIn(body) !== null) return errorInStream(asked, body);
  return { fault: notReply(asked, body.trimStart()) };
}

export function timedOut(asked: Asked, silenceMs: number): Problem {
  return { fault: fault('model.timed-out', { host: asked.host, seconds: Math.round(silenceMs / 1000) }, { retry: true }) };
}

export function cutOff(asked: Asked): Problem {
  return { fault: fault('model.cut-off', { host: asked.host }, { retry: true }) };
}

/** Milliseconds until the server wants to be asked again; null where it does not say. */
function retryAfter(headers: Headers, now: number): number | null {
  const milliseconds = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds);
  const value = headers.get('retry-after');
  if (value === null) return null;
  const wait = /^\d/.test(value) && Number.isFinite(Number(value)) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

type ErrorBody = { readonly kind: string; readonly message: string };

/** `{"error": {"message", "type", "code"}}`, `{"error": "text"}`, `{"detail": …}` and their like. */
function errorIn(body: string): ErrorBody | null {
  const whole = record(parsed(body));
  const error = record(whole?.['error']) ?? whole;
  if (whole === null || error === null) return null;
  const told = [error['message'], whole['error'], whole['detail'], whole['message']].find((value) => value !== undefined && value !== null);
  if (told === undefined) return null;
  return { kind: `${error['type'] ?? ''} ${error['code'] ?? ''}`, message: typeof told === 'string' ? told : JSON.stringify(told) };
}

function isUnknownModel(status: number, { kind, message }: ErrorBody): boolean {
  if (/model_not_found|unknown_model/.test(kind)) return true;
  if (status !== 404 && status !== 400) return false;
  if (/not_found_error/.test(kind) && /^model\b/i.test(message)) return true;
  return /\bmodel\b/i.test(message) && /not found|does not exist|not exist|unknown model|no such model|not a valid model|invalid model/i.test(message);
}

/** Where the server names both numbers they are told in our words, else in its own. */
function contextFull(host: string, message: string, detail: string): Fault {
  const numbers = [...message.matchAll(/\d{3,}/g)].map(([text]) => Number(text)).sort((a, b) => a - b);
  const [limit, needed] = [numbers[0], numbers.at(-1)];
  if (numbers.length < 2 || limit === undefined || needed === undefined) return fault('model.context-over', { host, detail });
  return fault('model.context-full', { needed, limit });
}

function notReply({ host, key }: Asked, start: string): Fault {
  if (start === '') return fault('model.not-json-empty', { host });
  if (start.startsWith('<')) return fault('model.not-json-page', { host, title: redacted(key, titleOf(start) ?? '<html>') });
  return parsed(start) === undefined ? fault('model.not-json', { host, found: redacted(key, start.slice(0, 80)) }) : fault('model.not-stream', { host });
}

function titleOf(body: string): string | null {
  return /<title[^>]*>\s*([^<]*?)\s*<\/title>/i.exec(body)?.[1]?.slice(0, 120) || null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (_notJson) {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
