// Reads what a person gives as the source of a model: a file, an https address, or hf:owner/repo:quant.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FaultError, fault } from '../../contract/fault.ts';

export type Address =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'web'; readonly url: string }
  /** `quant` names one file among several, such as Q4_K_M; empty where there is but one. */
  | { readonly type: 'hub'; readonly owner: string; readonly repository: string; readonly quant: string };

/** Throws a FaultError `model.not-an-address` for anything else. Plain http is for this computer only. */
export function readAddress(source: string): Address {
  const hub = /^hf:([\w.-]+)\/([\w.-]+)(?::([^/\\:]+))?$/.exec(source);
  if (hub !== null) return { type: 'hub', owner: hub[1] ?? '', repository: hub[2] ?? '', quant: hub[3] ?? '' };
  if (/^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/i.test(source) && URL.canParse(source)) return webAddress(new URL(source));
  const path = source.startsWith('file://') && URL.canParse(source) ? fileURLToPath(source) : source.replace(/^~(?=[/\\])/, homedir());
  if (/^[a-z][\w+.-]+:/i.test(path) && !isAbsolute(path)) throw new FaultError(fault('model.not-an-address', { source }));
  if (!/\.gguf$/i.test(path) && !existsSync(path)) throw new FaultError(fault('model.not-an-address', { source }));
  return { type: 'file', path: resolve(path) };
}

/** People copy the address of the page that shows a file; the file itself is at `resolve`. */
function webAddress(url: URL): Address {
  const page = /^\/([^/]+)\/([^/]+)\/?$/.exec(url.pathname);
  if (url.hostname === 'huggingface.co' && page !== null) return { type: 'hub', owner: page[1] ?? '', repository: page[2] ?? '', quant: '' };
  if (url.hostname === 'huggingface.co') url.pathname = url.pathname.replace('/blob/', '/resolve/');
  return { type: 'web', url: url.href };
}
