// Questions to the person, on disk: asked, answered or withdrawn exactly once; and the permissions for a conversation that answers leave behind.
import type { Approval, ApprovalAnswer } from '../contract/approval.ts';
import { FaultError, fault } from '../contract/fault.ts';
import type { ApprovalId, ConversationId, RunId } from '../contract/id.ts';
import type { Db } from '../journal/open.ts';
import type { Grant } from '../tools/policy.ts';
import type { Preview } from '../tools/tool.ts';
import type { Run, RunStore } from './store.ts';

export type Approvals = {
  /** Inside the caller's commit. */
  ask(run: Run, call: string, tool: string, preview: Preview, hash: string, folder: string): ApprovalId;
  get(id: ApprovalId): Approval;
  hash(id: ApprovalId): string;
  open(): Approval[];
  ofRun(run: RunId): Approval[];
  /** Throws a FaultError where it is not open any more: a late, second or replayed answer changes nothing. */
  answer(id: ApprovalId, answer: ApprovalAnswer): Approval;
  /** Open questions of a run that are moot; inside the caller's commit. */
  withdraw(run: RunId): void;
  grants(conversation: ConversationId): readonly Grant[];
};

const query = `SELECT a.id, r.conversation, a.run, r.task, a.tool, a.title, a.place AS "where", a.payload, a.before, a.state, a.answer, a.asked_at AS askedAt, a.answered_at AS answeredAt
  FROM approval a JOIN run r ON r.id = a.run`;

export function createApprovals(db: Db, runs: RunStore, now: () => number): Approvals {
  const get = (id: ApprovalId): Approval => {
    const row = db.prepare<Approval>(`${query} WHERE a.id = ?`).get(id);
    if (row === undefined) throw new FaultError(fault('approval.missing', { id }));
    return row;
  };
  return {
    ask: (run, call, tool, preview, hash, folder) =>
      Number(
        db
          .prepare(
            `INSERT INTO approval (run, call, tool, title, place, payload, before, scope, hash, state, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)`,
          )
          .run(run.id, call, tool, preview.title, folder, preview.payload, preview.before, preview.scope, hash, now()).lastInsertRowid,
      ),
    get,
    hash: (id) => db.prepare<{ hash: string }>('SELECT hash FROM approval WHERE id = ?').get(id)?.hash ?? '',
    open: () => db.prepare<Approval>(`${query} WHERE a.state = 'open' ORDER BY a.id`).all(),
    ofRun: (run) => db.prepare<Approval>(`${query} WHERE a.run = ? ORDER BY a.id`).all(run),
    answer: (id, answer) => db.commit('approval.answer', () => settle(db, runs, now, get(id), answer)),
    withdraw: (run) => {
      db.prepare(`UPDATE approval SET state = 'withdrawn', answered_at = ? WHERE run = ? AND state = 'open'`).run(now(), run);
    },
    grants: (conversation) => db.prepare<Grant>('SELECT tool, scope FROM permission WHERE conversation = ?').all(conversation),
  };
}

function settle(db: Db, runs: RunStore, now: () => number, approval: Approval, answer: ApprovalAnswer): Approval {
  const { changes } = db
    .prepare(`UPDATE approval SET state = ?, answer = ?, answered_at = ? WHERE id = ? AND state = 'open'`)
    .run(answer === 'deny' ? 'denied' : 'allowed', answer, now(), approval.id);
  if (changes === 0) throw new FaultError(fault('approval.missing', { id: approval.id }));
  const row = db.prepare<{ call: string; scope: string }>('SELECT call, scope FROM approval WHERE id = ?').get(approval.id);
  runs.entries.append(approval.run, { type: 'answered', call: row?.call ?? '', approval: approval.id, answer });
  if (answer === 'conversation') {
    db.prepare('INSERT INTO permission (conversation, tool, scope, approval, created_at) VALUES (?, ?, ?, ?, ?)').run(
      approval.conversation,
      approval.tool,
      row?.scope ?? '',
      approval.id,
      now(),
    );
  }
  // The person is here and waits for what follows from the answer.
  db.prepare(`UPDATE run SET lane = 'waiting' WHERE id = ? AND lane = 'background'`).run(approval.run);
  const run = runs.get(approval.run);
  if (run.state === 'waiting') runs.change(run.id, { to: 'queued' });
  return { ...approval, state: answer === 'deny' ? 'denied' : 'allowed', answer, answeredAt: now() };
}
