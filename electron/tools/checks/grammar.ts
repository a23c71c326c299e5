// Reads a check as a person types it or a model writes it. Every refusal is a sentence that says what would be understood.
import { Check } from '../../contract/acceptance.ts';
import { type Reply, refusal } from '../../contract/fault.ts';
import { lineBreak } from '../../contract/words.ts';
import { ToolRefusal } from '../tool.ts';
import { patternTrouble } from './matches.ts';

const checkForms = '"file out.txt", "file out.txt matches ^ok", "count out/*.md 3", "each out/*.md matches ^#"';

type Parts = Readonly<Record<string, string | undefined>>;

/** A path or a glob: as it stands up to what may follow, or a JSON string. */
const path = '(?<path>"(?:[^"\\\\]|\\\\.)*"|.+?)';
const forms: readonly (readonly [RegExp, (parts: Parts) => unknown])[] = [
  [/^run\s+(?<command>[\s\S]+)$/, ({ command }) => ({ type: 'command', command: command?.replaceAll(lineBreak, '\n') })],
  [new RegExp(`^file\\s+${path}(?:\\s+matches\\s(?<matches>.+))?$`), ({ path: file, matches }) => ({ type: 'file', path: bare(file), matches })],
  [new RegExp(`^unchanged\\s+${path}$`), ({ path: file }) => ({ type: 'unchanged', path: bare(file) })],
  [
    new RegExp(`^schema\\s+${path}\\s+(?<schema>\\{.*\\})$`),
    ({ path: file, schema }) => ({ type: 'schema', path: bare(file), schema: JSON.parse(schema ?? '') }),
  ],
  [
    new RegExp(`^count\\s+${path}\\s+(?<least>\\d+)(?:(?<open>\\+)|-(?<most>\\d+))?$`),
    ({ path: files, least, open, most }) => ({
      type: 'count',
      files: bare(files),
      least: Number(least),
      ...(open === undefined ? { most: Number(most ?? least) } : {}),
    }),
  ],
  [
    new RegExp(`^each\\s+${path}(?:\\s+(?<least>\\d+)\\+)?\\s+matches\\s(?<matches>.+)$`),
    ({ path: files, least, matches }) => ({ type: 'each', files: bare(files), matches, ...(least === undefined ? {} : { least: Number(least) }) }),
  ],
];

/** `file out.txt`, `file out.txt matches ^ok`, `unchanged src`, `count out/*.md 3`, `3+` or `1-5`, `each out/*.md matches ^#`, `schema a.json {…}`, `run npm test`. */
export function parseCheck(text: string): Reply<Check> {
  const line = text.trimStart();
  for (const [form, make] of forms) {
    const parts = form.exec(line)?.groups;
    if (parts === undefined) continue;
    const trouble = parts['matches'] === undefined ? null : patternTrouble(parts['matches']);
    if (trouble !== null) return { ok: false, fault: trouble };
    const read = attempt(make, parts);
    if (read?.success === true) return { ok: true, value: read.data };
  }
  return refusal('typed.check', { text: text.trim(), forms: checkForms });
}

/** All of them, or the first that can't be read. */
export function parseChecks(lines: readonly string[]): Reply<Check[]> {
  const checks: Check[] = [];
  for (const line of lines) {
    const read = parseCheck(line);
    if (!read.ok) return read;
    checks.push(read.value);
  }
  return { ok: true, value: checks };
}

/** As a tool reads them. Throws a ToolRefusal that shows how checks are written; `commands`: whether a command may be one. */
export function readChecks(lines: readonly string[] = [], commands = true): Check[] {
  const read = parseChecks(lines);
  if (!read.ok) throw new ToolRefusal(read.fault);
  if (commands || read.value.every(({ type }) => type !== 'command')) return read.value;
  throw new ToolRefusal(`A command can not be a check here, because the person has not allowed commands. Checks are ${checkForms}; or run it as a step.`);
}

/** The path before the first colon, and the pattern after it: `out.txt:^ok`. */
export function parseFileCheck(text: string): Reply<Check> {
  const at = text.indexOf(':');
  const file = at < 0 ? text : text.slice(0, at);
  const pattern = at < 0 ? '' : ` matches ${text.slice(at + 1)}`;
  if (file.trim() !== '') return parseCheck(`file ${JSON.stringify(file)}${pattern}`);
  return refusal('typed.check-file', { text });
}

function attempt(make: (parts: Parts) => unknown, parts: Parts): ReturnType<typeof Check.safeParse> | null {
  try {
    return Check.safeParse(make(parts));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function bare(text = ''): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? (JSON.parse(text) as string) : text.trimEnd();
}
