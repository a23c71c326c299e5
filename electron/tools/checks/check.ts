// Runs the checks of a task: each gives evidence, whatever happens. A check that can't be run has not passed.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Check, Evidence } from '../../contract/acceptance.ts';
import { type Fault, fault } from '../../contract/fault.ts';
import { fileStats, missingFile, resolveInside } from '../files/folder.ts';
import { quoteName } from '../files/spelling.ts';
import { type CallPlace, ToolRefusal, type ToolResult } from '../tool.ts';
import { fingerprint } from './fingerprint.ts';
import { matches } from './matches.ts';

export type CheckParts = {
  readonly place: CallPlace;
  /** Runs a command in the place's folder, bounded in time and output; never throws. */
  command(command: string, place: CallPlace): Promise<ToolResult>;
};

/** `detail` where that is more than what is said at its end. */
type Found = { readonly ok: boolean; readonly said: Fault | undefined; readonly detail?: string };

/** Files larger than this are not read for a check. */
const mostBytes = 20_000_000;
const mostFiles = 10_000;
const detailLimit = 2_000;

/** Never throws, but where the signal aborts. */
export async function runCheck(check: Check, parts: CheckParts): Promise<Evidence> {
  try {
    const { ok, said, detail = said?.message ?? '' } = await look(check, parts);
    if (detail.length <= detailLimit) return { check, ok, said, detail };
    return { check, ok, said: check.type === 'command' ? said : undefined, detail: `${detail.slice(0, 600)}\n…\n${detail.slice(-1300)}`.toWellFormed() };
  } catch (error) {
    parts.place.signal.throwIfAborted();
    const said = error instanceof ToolRefusal ? error.fault : fault('check.failed', { reason: String(error) });
    return { check, ok: false, said, detail: said.message };
  }
}

/**
 * The checks as they will be run at the end: what must be unchanged is looked at now, unless it was already `before`. Throws a ToolRefusal
 * where that can't be.
 */
export async function prepareChecks(checks: readonly Check[], folder: string | null, before: readonly Check[] = []): Promise<Check[]> {
  if (folder === null && checks.length > 0) throw new ToolRefusal(fault('check.no-folder'));
  const place: CallPlace = { folder, scratch: '', signal: new AbortController().signal };
  const prepared: Check[] = [];
  for (const check of checks) {
    if ('path' in check) await resolveInside(check.path, place);
    const known = before.find((one) => one.type === 'unchanged' && check.type === 'unchanged' && one.path === check.path);
    if (check.type !== 'unchanged' || check.was !== undefined) prepared.push(check);
    else prepared.push(known ?? { ...check, was: await fingerprint(await resolveInside(check.path, place)) });
  }
  return prepared;
}

function look(check: Check, parts: CheckParts): Promise<Found> {
  const { place } = parts;
  switch (check.type) {
    case 'command':
      return parts.command(check.command, place).then(({ ok, output, said }) => ({ ok, detail: output, said }));
    case 'file':
      return lookAtFile(check, place);
    case 'unchanged':
      return lookForChange(check, place);
    case 'schema':
      return fitSchema(check, place);
    case 'count':
      return count(check, place);
    case 'each':
      return lookAtEach(check, place);
  }
}

async function lookAtFile({ path, matches: pattern }: Extract<Check, { type: 'file' }>, place: CallPlace): Promise<Found> {
  const inside = await resolveInside(path, place);
  if (pattern === undefined) {
    const [found] = await globbed(inside.shown, place);
    if (found === undefined) throw missingFile(inside, 'check.missing');
    return { ok: true, said: fault('check.there', { path: inside.shown }) };
  }
  const found = matches(pattern, await textOf(path, place));
  return { ok: found, said: fault(found ? 'check.matches' : 'check.differs', { path: inside.shown, pattern }) };
}

async function lookForChange({ path, was }: Extract<Check, { type: 'unchanged' }>, place: CallPlace): Promise<Found> {
  const inside = await resolveInside(path, place);
  const same = was === (await fingerprint(inside));
  return { ok: same, said: fault(same ? 'check.unchanged' : 'check.changed', { path: inside.shown }) };
}

async function fitSchema({ path, schema }: Extract<Check, { type: 'schema' }>, place: CallPlace): Promise<Found> {
  const text = await textOf(path, place);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, said: fault('check.not-json', { path, reason: error instanceof Error ? error.message : String(error) }) };
  }
  const parsed = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value);
  if (parsed.success) return { ok: true, said: fault('check.fits', { path }) };
  return { ok: false, said: fault('check.fits-not', { path, reason: z.prettifyError(parsed.error) }) };
}

async function count({ files, least = 0, most }: Extract<Check, { type: 'count' }>, place: CallPlace): Promise<Found> {
  const found = (await globbed(files, place)).length;
  if (most === undefined) return { ok: found >= least, said: fault('check.least', { found, files, least }) };
  return { ok: found >= least && found <= most, said: fault('check.range', { found, files, least, most }) };
}

async function lookAtEach({ files, matches: pattern, least = 1 }: Extract<Check, { type: 'each' }>, place: CallPlace): Promise<Found> {
  const found = await globbed(files, place);
  const wrong: string[] = [];
  for (const path of found) {
    place.signal.throwIfAborted();
    if (!matches(pattern, await textOf(path, place))) wrong.push(quoteName(path));
  }
  if (found.length < least) return { ok: false, said: fault('check.least', { found: found.length, files, least }) };
  const values = { found: found.length, files, pattern };
  if (wrong.length > 0) return { ok: false, said: fault('check.some-differ', { ...values, wrong: wrong.length, names: wrong.slice(0, 10).join(', ') }) };
  return { ok: true, said: fault('check.all-match', values) };
}

async function textOf(path: string, place: CallPlace): Promise<string> {
  const inside = await resolveInside(path, place);
  const stats = await fileStats(inside);
  if (stats === null) throw missingFile(inside, 'check.missing');
  if (stats.size > mostBytes) throw new ToolRefusal(fault('check.large', { path: inside.shown, bytes: stats.size, limit: mostBytes }));
  return readFile(inside.path, 'utf8');
}

/** Paths relative to the folder, sorted; links that lead out of it do not count. */
async function globbed(pattern: string, place: CallPlace): Promise<string[]> {
  const { root } = await resolveInside('.', place);
  const found: string[] = [];
  const { glob } = await import('node:fs/promises');
  for await (const path of glob(pattern, { cwd: root })) {
    place.signal.throwIfAborted();
    if (await isInside(path, place)) found.push(path);
    if (found.length > mostFiles) throw new ToolRefusal(fault('check.many', { limit: mostFiles, pattern }));
  }
  return found.sort();
}

async function isInside(path: string, place: CallPlace): Promise<boolean> {
  try {
    await resolveInside(path, place);
    return true;
  } catch (error) {
    if (error instanceof ToolRefusal) return false;
    throw error;
  }
}
