// The report of a task's run: evidence, files, cost and what is not known, read from its journal entries and the copies beside them.
import { join } from 'node:path';
import { normalize } from 'node:path/posix';
import { titleOf } from '../agent/call.ts';
import { type EndedCall, endedCalls } from '../agent/progress.ts';
import type { Entry, EntryOf } from '../contract/entry.ts';
import type { UnaskedCall } from '../contract/grant.ts';
import type { RunId, TaskId } from '../contract/id.ts';
import type { Report, ReportedFile } from '../contract/report.ts';
import type { Run, RunStore } from '../runs/store.ts';
import { spentBy } from '../runs/tasks/view.ts';
import { copyOf } from '../tools/files/changes.ts';
import type { Toolbox } from '../tools/toolbox.ts';

export type Reports = ReturnType<typeof createReports>;
export type ReportParts = {
  readonly runs: RunStore;
  /** The folder below which each run has its own. */
  readonly scratch: string;
  readonly toolbox: Toolbox;
};

/** What one file held before the first and after the last time it was written, as hashes; null for no file. */
type Written = { readonly before: string | null; after: string; content: string };

const mostFiles = 500;
const mostUnasked = 500;

export function createReports({ runs, scratch, toolbox }: ReportParts) {
  return {
    of: (run: Run, entries: readonly Entry[]): Report => {
      const changed = entries.findLast(({ body }) => body.type === 'changed')?.body as EntryOf<'changed'> | undefined;
      const checked = entries.findLast(({ body }) => body.type === 'checked')?.body as EntryOf<'checked'> | undefined;
      return {
        evidence: checked?.evidence ?? [],
        files: filesOf(writtenIn(entries), changed).slice(0, mostFiles),
        incomplete: changed?.complete === false,
        unknown: endedCalls(entries).flatMap(({ call, outcome }) => (outcome.status === 'unknown' ? [`${call.tool} ${titleOf(toolbox, call)}`] : [])),
        spent: spentBy(run),
        usage: run.usage,
      };
    },
    /** What one written file held before and after; `before` is null where no copy could be kept, empty for a new file. */
    diff: async (run: RunId, path: string): Promise<{ readonly before: string | null; readonly after: string }> => {
      const written = writtenIn(runs.entries.of(run)).get(path);
      if (written === undefined) return { before: null, after: '' };
      return { before: written.before === null ? '' : await copyOf(join(scratch, String(run)), written.before), after: written.content };
    },
    unasked: (task: TaskId): UnaskedCall[] =>
      runs
        .ofTask(task)
        .flatMap(({ id }) =>
          doneIn(runs.entries.of(id))
            .filter(({ call, wasAsked }) => toolbox.find(call.tool)?.asks === true && !wasAsked)
            .map(({ call, at }) => ({ run: id, call: call.id, tool: call.tool, title: titleOf(toolbox, call), at })),
        )
        .reverse()
        .slice(0, mostUnasked),
  };
}

/** Calls that had an effect and ended well, in order. */
function doneIn(entries: readonly Entry[]): EndedCall[] {
  return endedCalls(entries).filter(({ intent, outcome }) => intent !== null && outcome.status === 'done');
}

function writtenIn(entries: readonly Entry[]): Map<string, Written> {
  const folder = entries.find(({ body }) => body.type === 'message')?.body as EntryOf<'message'> | undefined;
  const files = new Map<string, Written>();
  for (const { call, intent } of doneIn(entries)) {
    if (call.tool !== 'write_file') continue;
    // Both were checked before the call ran.
    const { before, after } = JSON.parse(intent?.receipt ?? '') as { before: string | null; after: string };
    const args = JSON.parse(call.arguments) as { path: string; content: string };
    const path = below(folder?.folder ?? '', args.path);
    const known = files.get(path);
    if (known === undefined) files.set(path, { before, after, content: args.content });
    else Object.assign(known, { after, content: args.content });
  }
  return files;
}

/** A file that was written and is as it was, or that came and went again, is none. */
function filesOf(written: ReadonlyMap<string, Written>, changed: EntryOf<'changed'> | undefined): ReportedFile[] {
  const found = new Map((changed?.files ?? []).map((file) => [file.path, file.change]));
  const own = [...written].flatMap(([path, { before, after }]): ReportedFile[] => {
    if (found.get(path) === 'removed') return before === null ? [] : [{ path, change: 'removed', written: false }];
    return before === after ? [] : [{ path, change: before === null ? 'added' : 'changed', written: true }];
  });
  const others = [...found].flatMap(([path, change]): ReportedFile[] => (written.has(path) ? [] : [{ path, change, written: false }]));
  return [...own, ...others].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As the folder's owner would write it, however the model did. */
function below(folder: string, path: string): string {
  const plain = path.replaceAll('\\', '/');
  const root = `${folder.replaceAll('\\', '/')}/`;
  return normalize(folder !== '' && plain.startsWith(root) ? plain.slice(root.length) : plain);
}
