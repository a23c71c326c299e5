// Says in words what went wrong with a remote model: pure functions from what came back to a fault.
import { type Fault, FaultError, fault } from '../../contract/fault.ts';

/** Who was asked, for the sentence; `key` only so that it never appears in one. */
export type Asked = { readonly host: string; readonly model: string; readonly key: string | null };

/** What went wrong, and whether the same request may be sent again at once (`againAfterMs` where the server named a time). */
export type Problem = { readonly fault: Fault; readonly busy?: { readonly status: number; readonly detail: string; readonly againAfterMs: number | null } };

/** A status that is not 2xx. `body` is its beginning. */
export function refusal(asked: Asked, status: number, headers: Headers, body: string, now: number): Problem {
  const { host, model } = asked;
  const error = errorIn(body);
  const detail = redacted(asked, error?.message ?? titleOf(body) ?? (body.trim() || 'it gave no reason'));
  if (error !== null && /context.?(length|size|window)|prompt is too long|maximum context/i.test(`${error.kind} ${error.message}`))
    return { fault: contextFull(error.message) };
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
  return { fault: fault('model.refused', { host: asked.host, status: 200, detail: redacted(asked, error?.message ?? body) }, { retry: again }) };
}

/** A 2xx whose body is no stream of events. */
export function notAStream(asked: Asked, body: string): Problem {
  if (errorIn(body) !== null) return errorInStream(asked, body);
  return { fault: fault('model.not-json', { host: asked.host, found: redacted(asked, found(body)) }) };
}

/** An error thrown while connecting. */
export function unreachable(asked: Asked, error: unknown): Problem {
  const carried = faultIn(error);
  if (carried !== null) return { fault: carried };
  const code = codeIn(error);
  if (code.startsWith('HPE_')) return { fault: fault('model.not-json', { host: asked.host, found: 'something that is not HTTP' }) };
  const reason = reasonOf(error) ?? redacted(asked, code || String(error));
  return { fault: fault('model.unreachable', { host: asked.host, reason }, { retry: !isCertificate(code) }) };
}

export function timedOut(asked: Asked, silenceMs: number): Problem {
  return { fault: fault('model.timed-out', { host: asked.host, seconds: Math.round(silenceMs / 1000) }, { retry: true }) };
}

export function cutOff(asked: Asked): Problem {
  return { fault: fault('model.cut-off', { host: asked.host }, { retry: true }) };
}

/** Why no connection came about, in words; null where there are none for it. */
export function reasonOf(error: unknown): string | null {
  const code = codeIn(error);
  return isCertificate(code) ? `its certificate is not trusted: ${code}` : (reasons[code] ?? null);
}

function isCertificate(code: string): boolean {
  return /CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: connection refused',
  ECONNRESET: 'the connection was closed before an answer',
  UND_ERR_SOCKET: 'the connection was closed before an answer',
  ENOTFOUND: 'there is no computer of that name',
  EAI_AGAIN: 'its name could not be looked up; is there a network?',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no way to that computer',
  ETIMEDOUT: 'it did not accept the connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept the connection in time',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks http, not https',
  EPROTO: 'it does not speak https as expected',
};

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

function contextFull(message: string): Fault {
  const numbers = [...message.matchAll(/\d{3,}/g)].map(([text]) => Number(text)).sort((a, b) => a - b);
  return fault('model.context-full', { needed: numbers.at(-1) ?? 'more', limit: numbers.length > 1 ? (numbers[0] ?? '') : 'fewer' });
}

function found(body: string): string {
  const start = body.trimStart();
  if (start === '') return 'an empty reply';
  if (start.startsWith('<')) return titleOf(body) === null ? 'an HTML page' : `an HTML page titled "${titleOf(body)}"`;
  return parsed(body) === undefined ? `the text "${start.slice(0, 80)}"` : 'one JSON document instead of a stream';
}

function titleOf(body: string): string | null {
  return /<title[^>]*>\s*([^<]*?)\s*<\/title>/i.exec(body)?.[1]?.slice(0, 120) || null;
}

function redacted({ key }: Asked, text: string): string {
  const shown = key === null || key === '' ? text : text.replaceAll(key, '[key]');
  return shown.replace(/\s+/g, ' ').slice(0, 300);
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

function faultIn(error: unknown): Fault | null {
  if (error instanceof FaultError) return error.fault;
  return error instanceof Error && error.cause !== undefined ? faultIn(error.cause) : null;
}

function codeIn(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code !== '') return code;
  if (error instanceof AggregateError) return codeIn(error.errors[0]);
  return error.cause === undefined ? '' : codeIn(error.cause);
}
