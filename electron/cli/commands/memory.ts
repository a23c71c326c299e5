// Commands about what is remembered: `memory import`, `search`, `list`, `show`, `forget`, `undo`, `export`.
import { resolve } from 'node:path';
import type { MemoryItem, MemoryKind } from '../../contract/memory.ts';
import { fill } from '../../contract/tell.ts';
import { exitCode, usageError } from '../exit.ts';
import type { Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';

export type Where = { readonly as?: string };
export type SearchOptions = Where & { readonly tokens?: number; readonly limit?: number };
export type ListOptions = Where & { readonly layer?: MemoryKind; readonly limit?: number };
export type ExportOptions = Where & { readonly format: 'markdown' | 'jsonl' };

const pageSize = 500;

/** Lines that could not be imported are named; the command fails only where none could. */
export async function importMemory({ client, terminal, texts }: Session, file: string, { as }: Where): Promise<number> {
  const done = await client.request('memory.import', { file: resolve(file), name: as });
  terminal.line({ type: 'memory.imported', ...done });
  for (const { line, reason } of done.problems) terminal.say(fill(texts.memoryProblem, { line, reason }));
  terminal.note(fill(texts.memoryImported, { imported: done.imported, problems: done.problemsInAll }));
  const broken = done.problems.some(({ reason }) => !reason.endsWith('there already'));
  return done.imported === 0 && broken ? exitCode.failed : exitCode.done;
}

export async function searchMemory({ client, terminal, texts }: Session, query: string, { as, tokens, limit }: SearchOptions): Promise<void> {
  if (query.trim() === '') throw usageError('Say what to look for.');
  if (tokens !== undefined && limit !== undefined) throw usageError('Give --tokens or --limit, not both.');
  const size = { tokens, limit: limit === undefined ? undefined : Math.min(1000, limit) };
  const { hits } = await client.request('memory.search', { query, ...size, name: as });
  for (const hit of hits) terminal.show({ type: 'memory.hit', ...hit }, `${hit.text}\n  [${hit.source.join(' ')}] ${hit.tokens} · ${hit.score} · ${hit.why}\n`);
  if (hits.length === 0) terminal.note(texts.none);
}

export async function listMemory({ client, terminal, texts }: Session, { layer, limit = 50, as }: ListOptions): Promise<void> {
  const { items } = await client.request('memory.list', { limit: Math.min(1000, limit), kind: layer, name: as });
  print(terminal, items);
  if (items.length === 0) terminal.note(texts.none);
}

export async function showMemory({ client, terminal }: Session, source: string, { as }: Where): Promise<void> {
  const { items } = await client.request('memory.show', { source, name: as });
  print(terminal, items, Number.POSITIVE_INFINITY);
}

export async function forgetMemory({ client, terminal, texts }: Session, sources: readonly string[], { as }: Where): Promise<void> {
  const change = await client.request('memory.forget', { sources: [...sources], name: as });
  terminal.line({ type: 'memory.changed', change });
  terminal.note(fill(texts.memoryForgotten, { items: change.items }));
}

export async function undoMemory({ client, terminal, texts }: Session, { as }: Where): Promise<void> {
  const change = await client.request('memory.undo', { name: as });
  terminal.line({ type: 'memory.changed', change });
  terminal.note(fill(texts.memoryUndone, { what: change.what, items: change.items }));
}

/** Everything, in the order it was said: as Markdown to read and compare, or as lines that can be imported again. */
export async function exportMemory({ client, terminal }: Session, { format, as }: ExportOptions): Promise<void> {
  let day = '';
  const write = (item: MemoryItem): void => {
    terminal.line({ type: 'memory.item', ...item });
    if (format === 'jsonl') terminal.answer(`${JSON.stringify(toLine(item))}\n`);
    else writeDown(item);
  };
  const writeDown = (item: MemoryItem): void => {
    const heading = dateOf(item.at);
    if (heading !== day) terminal.answer(`${day === '' ? '' : '\n'}## ${heading}\n\n`);
    day = heading;
    const kind = item.kind === 'turn' ? '' : `${item.kind}: `;
    terminal.answer(`- **${item.author}** ${kind}${item.text.replace(/\n/g, '\n  ')} <!-- ${item.source} -->\n`);
  };
  let held = null as MemoryItem | null;
  for (let after = 0; ; ) {
    const { items } = await client.request('memory.list', { after, limit: pageSize, name: as });
    for (const item of items) {
      // A long text is kept in parts, one after the other.
      const goesOn = held?.source === item.source && held.kind === 'turn' && item.kind === 'turn';
      if (held !== null && !goesOn) write(held);
      held = goesOn ? { ...item, text: held?.text + item.text } : item;
    }
    after = items.at(-1)?.id ?? 0;
    if (items.length < pageSize) break;
  }
  if (held !== null) write(held);
}

function print(terminal: Terminal, items: readonly MemoryItem[], longest = 120): void {
  for (const item of items) {
    const text = item.text.length > longest ? `${item.text.slice(0, longest).toWellFormed()}…` : item.text;
    const row = [item.source, item.kind, dateOf(item.at), item.author, text.replace(/\s+/g, ' ')];
    terminal.show({ type: 'memory.item', ...item }, row.join('\t'));
  }
}

function toLine({ source, at, author, text, kind, subject }: MemoryItem): object {
  const about = subject === null ? {} : { subject };
  return { id: source, ...(at === null ? {} : { at: new Date(at).toISOString() }), author, text, ...(kind === 'turn' ? {} : { kind, ...about }) };
}

function dateOf(at: number | null): string {
  return at === null ? '–' : new Date(at).toISOString().slice(0, 10);
}
