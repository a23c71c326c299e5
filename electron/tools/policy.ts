// Whether a call may run: pure, so that no prompt and no injected text can change it.
import { covers } from './grants.ts';
import type { Preview, Tool } from './tool.ts';

/** A permission: for exactly one scope, or by a pattern in one folder. */
export type Grant = { readonly tool: string /** Milliseconds since 1970; null for no end. */; readonly until: number | null } & (
  | { readonly scope: string }
  | { readonly folder: string; readonly pattern: string | null }
);

/** What a run may do beyond its grants: ask the person, nothing at all, or write and run commands inside its folder. */
export type Approve = 'ask' | 'deny' | 'folder';

export type Decision =
  | { readonly type: 'allow' }
  | { readonly type: 'ask' }
  | { readonly type: 'deny' /** A sentence for the model. */; readonly reason: string };

export type Question = {
  readonly tool: Pick<Tool, 'name' | 'asks' | 'patterns'>;
  readonly preview: Pick<Preview, 'scope' | 'subject' | 'caution'>;
  /** Those of the conversation for a turn, those of the task for its runs. */
  readonly grants: readonly Grant[];
  readonly approve: Approve;
  readonly now: number;
};

/**
 * A grant for a scope covers exactly that. The tool chooses what it is: write_file the whole chosen folder, run_command the exact bytes of
 * one command in the chosen folder. So another folder, or one byte more in a command, asks again.
 */
export function decide({ tool, preview, grants, approve, now }: Question): Decision {
  // Outside the sandbox no grant covers a call: the person is asked each time.
  const cautioned = (preview.caution ?? null) !== null;
  if (!tool.asks || (!cautioned && grants.some((grant) => permits(grant, tool, preview, now)))) return { type: 'allow' };
  if (approve === 'folder' && !cautioned && preview.subject !== undefined && covers(tool.patterns, null, preview.subject)) return { type: 'allow' };
  if (approve !== 'deny') return { type: 'ask' };
  return {
    type: 'deny',
    reason: `${tool.name} needs the person's approval, and in this run nobody is asked. Go on without it, and say in the answer what was left undone.`,
  };
}

function permits(grant: Grant, tool: Question['tool'], { scope, subject }: Question['preview'], now: number): boolean {
  if (grant.tool !== tool.name || (grant.until !== null && grant.until <= now)) return false;
  if ('scope' in grant) return grant.scope === scope;
  // A tool that acts in no folder has no subject: it is granted as a whole or not at all.
  if (subject === undefined) return tool.patterns === undefined && grant.pattern === null;
  return subject.folder === grant.folder && covers(tool.patterns, grant.pattern, subject);
}
