// Questions to the person, on disk: asked, answered or withdrawn exactly once; and the permissions that answers leave behind.
import { reportOf } from '../agent/bounds/report.ts';
import type { Approval, ApprovalAnswer } from '../contract/approval.ts';
import type { EntryOf } from '../contract/entry.ts';
import { Fault, FaultError, fault } from '../contract/fault.ts';
import type { ApprovalId, RunId } from '../contract/id.ts';
import type { RequestPayload } from '../contract/request.ts';
import type { Db } from '../journal/open.ts';
import { covers } from '../tools/grants.ts';
import type { Preview, Tool } from '../tools/tool.ts';
import type { Run, RunStore } from './store.ts';

/** How far a standing answer reaches: exactly what was asked, in this conversation (or everywhere) or for this task, for good, unless more is given. */
type Reach = Omit<RequestPayload<'approval.answer'>, 'approval' | 'answer'> & { /** What the model is told of the answer. */ readonly said?: string };

const query = `SELECT a.id, r.conversation, a.run, r.task, a.about, a.tool, a.title, a.place AS "where", a.payload, a.before, a.caution, a.state, a.answer, a.asked_at AS askedAt, a.answered_at AS answeredAt
  FROM approval a JOIN run r ON r.id = a.run`;

type Row = Omit<Approval, 'caution'> & { readonly caution: string | null };
type Parts = { readonly db: Db; readonly runs: RunStore; readonly tools: readonly Pick<Tool, 'name' | 'patterns'>[]; now(): number };

export function createApprovals(parts: Parts) {
  const { db, runs, now } = parts;
  const get = (id: ApprovalId): Approval => {
    const row = db.prepare<Row>(`${query} WHERE a.id = ?`).get(id);
    if (row === undefined) throw new FaultError(fault('approval.missing', { id }));
    return toApproval(row);
  };
  const insert = (asked: Readonly<Record<string, string | number | null>>): ApprovalId => {
    const columns = { call: '', tool: '', before: null, caution: null, scope: '', subject: null, hash: '', ...asked, state: 'open', asked_at: now() };
    const names = Object.keys(columns);
    const sql = `INSERT INTO approval (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`;
    return Number(db.prepare(sql).run(columns).lastInsertRowid);
  };
  return {
    /** Inside the caller's commit. */
    ask: (run: Run, call: string, tool: string, preview: Preview, hash: string, folder: string): ApprovalId => {
      const { title, payload, before, scope, subject, caution = null } = preview;
      const place = subject?.folder ?? folder;
      const why = caution === null ? null : JSON.stringify(caution);
      return insert({ run: run.id, call, about: 'call', tool, title, payload, before, scope, place, caution: why, subject: subject?.text ?? null, hash });
    },
    /** Asks, with a report, about the run itself, which stands still until then; inside the caller's commit. The entry is for the caller to write. */
    askAbout: (run: RunId, about: 'budget' | 'trouble', trouble: Fault): EntryOf<'parked'> => {
      const folder = runs.entries.last(run, 'message')?.body.folder ?? '';
      const asked = { title: trouble.message, place: folder, payload: reportOf(runs.entries.of(run)), caution: JSON.stringify(trouble) };
      const approval = insert({ run, about, ...asked });
      return { type: 'parked', approval, about, fault: trouble };
    },
    get,
    hash: (id: ApprovalId): string => db.prepare<{ hash: string }>('SELECT hash FROM approval WHERE id = ?').get(id)?.hash ?? '',
    open: (): Approval[] => db.prepare<Row>(`${query} WHERE a.state = 'open' ORDER BY a.id`).all().map(toApproval),
    ofRun: (run: RunId): Approval[] => db.prepare<Row>(`${query} WHERE a.run = ? ORDER BY a.id`).all(run).map(toApproval),
    /** Throws a FaultError where it is not open any more: a late, second or replayed answer changes nothing. */
    answer: (id: ApprovalId, answer: ApprovalAnswer, reach: Reach = {}): Approval => db.commit('approval.answer', () => settle(parts, get(id), answer, reach)),
    /** Open questions of a run that are moot; inside the caller's commit. */
    withdraw: (run: RunId): void => {
      db.prepare(`UPDATE approval SET state = 'withdrawn', answered_at = ? WHERE run = ? AND state = 'open'`).run(now(), run);
    },
  };
}

function toApproval(row: Row): Approval {
  return { ...row, caution: row.caution === null ? null : Fault.parse(JSON.parse(row.caution)) };
}

function settle(parts: Parts, approval: Approval, answer: ApprovalAnswer, reach: Reach): Approval {
  const { db, runs, now } = parts;
  const { changes } = db
    .prepare(`UPDATE approval SET state = ?, answer = ?, answered_at = ? WHERE id = ? AND state = 'open'`)
    .run(answer === 'deny' ? 'denied' : 'allowed', answer, now(), approval.id);
  if (changes === 0) throw new FaultError(fault('approval.missing', { id: approval.id }));
  const call = db.prepare<{ call: string }>('SELECT call FROM approval WHERE id = ?').get(approval.id)?.call ?? '';
  runs.entries.append(approval.run, { type: 'answered', call, approval: approval.id, answer, ...(reach.said === undefined ? {} : { said: reach.said }) });
  if (answer === 'conversation' && approval.about === 'call') keep(parts, approval, reach);
  if (answer !== 'deny' && approval.about !== 'call') runs.forgive(approval.run);
  // The person is here and waits for what follows from the answer.
  db.prepare(`UPDATE run SET lane = 'waiting' WHERE id = ? AND lane = 'background'`).run(approval.run);
  const run = runs.get(approval.run);
  if (run.state === 'waiting') runs.change(run.id, 'waiting', { to: 'queued' });
  return { ...approval, state: answer === 'deny' ? 'denied' : 'allowed', answer, answeredAt: now() };
}

/** The answer stands from now on. A pattern must at least cover the call that was asked about. */
function keep({ db, tools, now }: Parts, { id, conversation, task, tool, where }: Approval, { everywhere, pattern, until }: Reach): void {
  const row = db.prepare<{ scope: string; subject: string | null }>('SELECT scope, subject FROM approval WHERE id = ?').get(id);
  const patterns = tools.find(({ name }) => name === tool)?.patterns;
  if (pattern !== undefined && !covers(patterns, pattern, { text: row?.subject ?? '', folder: where }))
    throw new FaultError(fault('typed.grant-less', { pattern }));
  db.prepare(
    'INSERT INTO permission (conversation, task, everywhere, tool, scope, pattern, until, approval, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(conversation, task, everywhere === true && task === null ? 1 : 0, tool, row?.scope ?? '', pattern ?? null, until ?? null, id, now());
}
