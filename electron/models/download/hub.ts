// Finds the one file behind hf:owner/repo:quant by asking the hub for its list of files.
import { z } from 'zod';
import { FaultError, fault } from '../../contract/fault.ts';
import { Interrupted, refused } from './interrupted.ts';

/** A file to fetch; `path` is where it lies at its source, `bytes` and `sha256` are given where the hub declares them. */
export type Source = { readonly url: string; readonly path: string; readonly bytes: number | null; readonly sha256: string | null };
export type Wanted = { readonly owner: string; readonly repository: string; readonly quant: string };

const Tree = z.array(
  z.object({ type: z.string(), path: z.string(), size: z.number().optional(), lfs: z.object({ oid: z.string(), size: z.number() }).optional() }),
);
type Entry = z.infer<typeof Tree>[number];
const pagesAtMost = 20;

/** Throws a FaultError that lists what there is where not exactly one file fits, and Interrupted where the hub may answer later. */
export async function findInHub(fetch: typeof globalThis.fetch, endpoint: string, wanted: Wanted, signal: AbortSignal): Promise<Source> {
  const repository = `${wanted.owner}/${wanted.repository}`;
  const { host } = new URL(endpoint);
  const files: Entry[] = [];
  let next: string | null = `${endpoint}/api/models/${repository}/tree/main?recursive=true`;
  for (let page = 0; next !== null && page < pagesAtMost; page++) {
    const response: Response = await fetch(next, { signal });
    if (!response.ok) throw await refused(host, response);
    files.push(...(await readTree(host, response)));
    next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null;
  }
  const { path, size, lfs } = pick(files, wanted, repository);
  const url = `${endpoint}/${repository}/resolve/main/${path.split('/').map(encodeURIComponent).join('/')}`;
  return { url, path, bytes: lfs?.size ?? size ?? null, sha256: /^[0-9a-f]{64}$/.exec(lfs?.oid ?? '')?.[0] ?? null };
}

async function readTree(host: string, response: Response): Promise<Entry[]> {
  const text = await response.text();
  try {
    return Tree.parse(JSON.parse(text));
  } catch (_notATree) {
    if (text.trimStart().startsWith('[')) throw new Interrupted('model.download-cut', { host });
    throw new FaultError(fault('model.download-not-hub', { host }));
  }
}

/** Pure. A model in several parts, and the picture part of a model, are no choice. */
function pick(files: readonly Entry[], { quant }: Wanted, repository: string): Entry {
  const whole = files.filter(({ path }) => /\.gguf$/i.test(path) && !/mmproj/i.test(path) && !/-\d{5}-of-\d{5}\.gguf$/i.test(path));
  const exact = whole.filter(({ path }) => path.toLowerCase() === quant.toLowerCase());
  const fitting = exact.length > 0 || quant === '' ? exact : whole.filter(({ path }) => hasLabel(path, quant));
  const candidates = quant === '' ? whole : fitting;
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const found = (candidates.length > 1 ? candidates : whole).map(({ path }) => path);
  if (found.length === 0) throw new FaultError(fault('model.none-in-repository', { repository }));
  const shown = found.slice(0, 12).join(', ') + (found.length > 12 ? ', …' : '');
  throw new FaultError(fault('model.not-in-repository', { repository, quant: quant || '*', found: shown }));
}

/** Q4_K is not in model-Q4_K_M.gguf. */
function hasLabel(path: string, quant: string): boolean {
  const label = quant.toLowerCase().replace(/[.*+?^$()[\]{}|\\]/g, '\\$&');
  return new RegExp(`(^|[^a-z0-9])${label}($|[^a-z0-9_])`).test(path.toLowerCase());
}
