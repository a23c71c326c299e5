// Why no connection came about: from what fetch threw to a fault. Pure; for models that answer from afar and for downloads.
import { type Fault, type FaultCode, FaultError, fault } from '../../contract/fault.ts';
import { redacted } from './redact.ts';

/** A fault that was thrown inside (such as being offline) passes through. `key` is the one that was sent, so that it never appears. */
export function unreached(host: string, error: unknown, key: string | null): Fault {
  const carried = faultIn(error);
  if (carried !== null) return carried;
  const root = rootOf(error);
  const reason = redacted(key, codeOf(root) || messageOf(root));
  return known(host, error) ?? fault('model.unreachable', { host, reason }, { retry: true });
}

/** Null where the error is not about a connection. */
export function known(host: string, error: unknown): Fault | null {
  const root = rootOf(error);
  const code = codeOf(root);
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code)) return fault('model.unreachable-certificate', { host, reason: code }, { retry: false });
  if (code.startsWith('HPE_')) return fault('model.not-http', { host });
  // Fetch refuses the ports of mail, printing and the like: https://fetch.spec.whatwg.org/#port-blocking
  if (messageOf(root) === 'bad port') return fault('model.unreachable-port', { host }, { retry: false });
  const kind = kinds[code];
  return kind === undefined ? null : fault(kind, { host }, { retry: true });
}

/** The error at the bottom, where fetch says what really happened, in words for people who know computers. */
export function messageOf(error: unknown): string {
  const root = rootOf(error);
  return root instanceof Error ? root.message : String(root);
}

const kinds: Readonly<Record<string, FaultCode>> = {
  ECONNREFUSED: 'model.unreachable-refused',
  ECONNRESET: 'model.unreachable-closed',
  EPIPE: 'model.unreachable-closed',
  UND_ERR_SOCKET: 'model.unreachable-closed',
  ENOTFOUND: 'model.unreachable-name',
  EAI_AGAIN: 'model.unreachable-network',
  ENETUNREACH: 'model.unreachable-network',
  ENETDOWN: 'model.unreachable-network',
  EHOSTUNREACH: 'model.unreachable-network',
  ETIMEDOUT: 'model.unreachable-slow',
  UND_ERR_CONNECT_TIMEOUT: 'model.unreachable-slow',
  ERR_SSL_WRONG_VERSION_NUMBER: 'model.unreachable-https',
  EPROTO: 'model.unreachable-https',
};

function faultIn(error: unknown): Fault | null {
  if (error instanceof FaultError) return error.fault;
  return error instanceof Error && error.cause !== undefined ? faultIn(error.cause) : null;
}

/** Down to the first error that has a code, else to the last one there is. */
function rootOf(error: unknown): unknown {
  if (!(error instanceof Error) || codeOf(error) !== '') return error;
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  return error.cause === undefined ? error : rootOf(error.cause);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
