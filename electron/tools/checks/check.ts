// Runs the checks of a task: each gives evidence, whatever happens. A check that can't be run has not passed.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Check, Evidence } from '../../contract/acceptance.ts';
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

type Found = { readonly ok: boolean; readonly detail: string };

/** Files larger than this are not read for a check. */
const mostBytes = 20_000_000;
const mostFiles = 10_000;
const detailLimit = 2_000;

/** Never throws, but where the signal aborts. */
export async function runCheck(check: Check, parts: CheckParts): Promise<Evidence> {
  try {
    const { ok, detail } = await look(check, parts);
    return { check, ok, detail: detail.length > detailLimit ? `${detail.slice(0, 600)}\n…\n${detail.slice(-1300)}`.toWellFormed() : detail };
  } catch (error) {
    parts.place.signal.throwIfAborted();
    return { check, ok: false, detail: error instanceof ToolRefusal ? error.message : `The check could not be run: ${String(error)}` };
  }
}

/**
 * The checks as they will be run at the end: what must be unchanged is looked at now, unless it was already `before`. Throws a ToolRefusal
 * where that can't be.
 */
export async function prepareChecks(checks: readonly Check[], folder: string | null, before: readonly Check[] = []): Promise<Check[]> {
  if (folder === null && checks.length > 0) throw new ToolRefusal('A check looks into a folder, and none is chosen. Choose one.');
  const place: CallPlace = { folder, scratch: '', signal: new AbortController().signal };
  const prepared: Check[] = [];
  for (const check of checks) {
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
      return parts.command(check.command, place).then(({ ok, output }) => ({ ok, detail: output }));
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
    if (found === undefined) throw missingFile(inside);
    return { ok: true, detail: `${inside.shown} is there.` };
  }
  const found = matches(pattern, await textOf(path, place));
  return { ok: found, detail: `${inside.shown} ${found ? 'matches' : 'does not match'} /${pattern}/.` };
}

async function lookForChange({ path, was }: Extract<Check, { type: 'unchanged' }>, place: CallPlace): Promise<Found> {
  const inside = await resolveInside(path, place);
  const same = was === (await fingerprint(inside));
  return { ok: same, detail: `${inside.shown} ${same ? 'is as it was' : 'has changed'} since the task was added.` };
}

async function fitSchema({ path, schema }: Extract<Check, { type: 'schema' }>, place: CallPlace): Promise<Found> {
  const text = await textOf(path, place);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, detail: `${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value);
  return parsed.success ? { ok: true, detail: `${path} fits its schema.` } : { ok: false, detail: `${path} does not fit: ${z.prettifyError(parsed.error)}` };
}

async function count({ files, least = 0, most }: Extract<Check, { type: 'count' }>, place: CallPlace): Promise<Found> {
  const found = (await globbed(files, place)).length;
  const wanted = most === undefined ? `at least ${least}` : `${least} to ${most}`;
  return { ok: found >= least && found <= (most ?? Number.POSITIVE_INFINITY), detail: `${found} files match ${files}; ${wanted} were expected.` };
}

async function lookAtEach({ files, matches: pattern, least = 1 }: Extract<Check, { type: 'each' }>, place: CallPlace): Promise<Found> {
  const found = await globbed(files, place);
  const wrong: string[] = [];
  for (const path of found) {
    place.signal.throwIfAborted();
    if (!matches(pattern, await textOf(path, place))) wrong.push(quoteName(path));
  }
  if (found.length < least) return { ok: false, detail: `${found.length} files match ${files}; at least ${least} were expected.` };
  if (wrong.length > 0) return { ok: false, detail: `${wrong.length} of ${found.length} files do not match /${pattern}/: ${wrong.slice(0, 10).join(', ')}` };
  return { ok: true, detail: `All ${found.length} files that match ${files} match /${pattern}/.` };
}

async function textOf(path: string, place: CallPlace): Promise<string> {
  const inside = await resolveInside(path, place);
  const stats = await fileStats(inside);
  if (stats === null) throw missingFile(inside);
  if (stats.size > mostBytes) throw new ToolRefusal(`${inside.shown} has ${stats.size} bytes; at most ${mostBytes} are read for a check.`);
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
    if (found.length > mostFiles) throw new ToolRefusal(`More than ${mostFiles} files match ${pattern}. Choose a narrower pattern.`);
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
