// The books that are kept of work, over one journal: runs, tasks, due times, questions and permissions. Opened together and handed on together.
import type { Db } from '../journal/open.ts';
import type { Tool } from '../tools/tool.ts';
import { createApprovals } from './approvals.ts';
import { createPermissions } from './bounds/permissions.ts';
import { createRunStore } from './store.ts';
import { createFirings } from './tasks/firings.ts';
import { createTasks } from './tasks/store.ts';

export type Books = ReturnType<typeof openBooks>;
type Given = { readonly db: Db /** Those that a permission may be for. */; readonly tools: readonly Pick<Tool, 'name' | 'patterns'>[]; now(): number };

export function openBooks({ db, tools, now }: Given) {
  const runs = createRunStore(db, now);
  const tasks = createTasks(db, runs, now);
  const firings = createFirings({ db, runs, tasks, now });
  return { db, now, runs, tasks, firings, approvals: createApprovals({ db, runs, tools, now }), permissions: createPermissions(db, now) };
}
