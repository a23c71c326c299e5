// Whether a call may run: pure, so that no prompt and no injected text can change it.

/** A permission that the person gave for one conversation: calls of this tool with this scope run without asking. */
export type Grant = { readonly tool: string; readonly scope: string };

/** What a run may do beyond its grants: ask the person, nothing at all, or write and run commands inside its folder. */
export type Approve = 'ask' | 'deny' | 'folder';

export type Decision =
  | { readonly type: 'allow' }
  | { readonly type: 'ask' }
  | { readonly type: 'deny' /** A sentence for the model. */; readonly reason: string };

export type Question = {
  readonly tool: string;
  /** `Tool.asks` and `Preview.scope` of the prepared call. */
  readonly asks: boolean;
  readonly scope: string;
  /** The grants of this conversation. */
  readonly grants: readonly Grant[];
  readonly approve: Approve;
  /** False where run_command would run outside the sandbox: no grant covers that. */
  readonly sandboxed: boolean;
};

/** The tools whose `prepare` confines them to the folder; only these may be allowed by the folder alone. */
const confined: ReadonlySet<string> = new Set(['write_file', 'run_command']);

/**
 * A grant covers exactly its scope. The tool chooses what that is: write_file the whole chosen folder, run_command the exact bytes of
 * one command in the chosen folder. So another folder, or one byte more in a command, asks again.
 */
export function decide({ tool, asks, scope, grants, approve, sandboxed }: Question): Decision {
  const free = tool === 'run_command' && !sandboxed;
  if (!asks || (!free && grants.some((grant) => grant.tool === tool && grant.scope === scope))) return { type: 'allow' };
  if (approve === 'folder' && confined.has(tool) && !free) return { type: 'allow' };
  if (approve !== 'deny') return { type: 'ask' };
  return {
    type: 'deny',
    reason: `${tool} needs the person's approval, and in this run nobody is asked. Go on without it, and say in the answer what was left undone.`,
  };
}
