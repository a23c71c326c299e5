// What runs without asking: the permissions that answers left behind, and the grants that a task was given when it was added. Listed, and taken back.

import { FaultError, fault } from '../../contract/fault.ts';
import type { Permission, TaskGrant } from '../../contract/grant.ts';
import type { TaskId } from '../../contract/id.ts';
import type { Db } from '../../journal/open.ts';
import type { Grant } from '../../tools/policy.ts';
import type { Run } from '../store.ts';

type Row = Permission & { readonly scope: string; readonly pattern: string | null; readonly title: string };

const query = `SELECT p.id, iif(p.everywhere, NULL, p.conversation) AS conversation, p.task, p.tool, p.scope, p.pattern, p.until, p.created_at AS createdAt, a.title, a.place AS folder
  FROM permission p JOIN approval a ON a.id = p.approval`;

export function createPermissions(db: Db, now: () => number) {
  const end = (column: 'id' | 'task', id: number): number =>
    db.prepare(`UPDATE permission SET until = ? WHERE ${column} = ? AND (until IS NULL OR until > ?)`).run(now(), id, now()).changes;
  return {
    /** All that the run may do without asking. A conversation's do not hold for its tasks, nor a task's for turns. */
    of: (run: Run, own: readonly TaskGrant[], folder: string | null): readonly Grant[] => {
      const rows =
        run.task === null
          ? db.prepare<Row>(`${query} WHERE p.task IS NULL AND (p.everywhere OR p.conversation = ?)`).all(run.conversation)
          : db.prepare<Row>(`${query} WHERE p.task = ?`).all(run.task);
      const given = own.map(({ tool, pattern, until }): Grant => ({ tool, pattern, folder: folder ?? '', until: until ?? null }));
      return [...given, ...rows.map(toGrant)];
    },
    /** Those that still hold, newest first. */
    list: (): Permission[] => db.prepare<Row>(`${query} WHERE p.until IS NULL OR p.until > ? ORDER BY p.id DESC`).all(now()).map(toPermission),
    /** Throws a FaultError where there is none that still holds. */
    revoke: (id: number): void => {
      const changed = db.commit('grant.revoke', () => end('id', id));
      if (changed === 0) throw new FaultError(fault('grant.missing', { id }));
    },
    /** Standing answers were given to what the task was then; inside the caller's commit. */
    forget: (task: TaskId) => void end('task', task),
  };
}

function toGrant({ tool, scope, pattern, folder, until }: Row): Grant {
  return pattern === null ? { tool, scope, until } : { tool, pattern, folder, until };
}

function toPermission({ scope, pattern, title, ...rest }: Row): Permission {
  return { ...rest, what: pattern ?? (scope === rest.folder ? null : title) };
}
