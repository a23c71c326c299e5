// Checks in the words in which a model, or a person, writes them: "file out.txt matches ^ok", "count out/*.md 3".
import { Check } from '../../contract/acceptance.ts';
import { ToolRefusal } from '../../tools/tool.ts';

/** What is understood, as the model is told it. */
export const checkForms = '"file PATH", "file PATH matches REGEX", "count GLOB 3" (or "3+"), "each GLOB matches REGEX"';
export const commandForm = '"command CMD"';

/** Throws a ToolRefusal that says what was expected. `commands`: whether a command may be one. */
export function readCheck(words: string, commands: boolean): Check {
  const found = parse(words.trim());
  const forms = commands ? `${checkForms}, ${commandForm}` : checkForms;
  if (found === null) throw new ToolRefusal(`The check ${JSON.stringify(words.slice(0, 200))} can not be read. Checks are ${forms}.`);
  if (found.type === 'command' && !commands)
    throw new ToolRefusal(`A command can not be a check here, because the person has not allowed commands. Checks are ${forms}.`);
  const checked = Check.safeParse(found);
  if (!checked.success) throw new ToolRefusal(`The check ${JSON.stringify(words.slice(0, 200))} does not fit: ${checked.error.issues[0]?.message ?? ''}.`);
  if ('matches' in found && found.matches !== undefined) requirePattern(found.matches);
  return checked.data;
}

function parse(words: string): Check | null {
  const [, kind = '', rest = ''] = /^(file|count|each|command)\s+(.+)$/s.exec(words) ?? [];
  const [, subject = '', pattern = ''] = /^(.+?)\s+matches\s+(.+)$/s.exec(rest) ?? [];
  if (kind === 'command') return { type: 'command', command: rest };
  if (kind === 'file') return subject === '' ? { type: 'file', path: rest } : { type: 'file', path: subject, matches: pattern };
  if (kind === 'each') return subject === '' ? null : { type: 'each', files: subject, matches: pattern };
  const [, files, number, more] = /^(.+?)\s+(\d+)(\+?)$/s.exec(rest) ?? [];
  if (kind !== 'count' || files === undefined) return null;
  return { type: 'count', files, least: Number(number), ...(more === '+' ? {} : { most: Number(number) }) };
}

function requirePattern(source: string): void {
  try {
    new RegExp(source, 'mu');
  } catch (error) {
    throw new ToolRefusal(`${source} is no regular expression (${error instanceof Error ? error.message : String(error)}).`);
  }
}
