// Commands that only look, or answer: `approvals`, `conversation list`, `doctor`.
import type { ApprovalAnswer } from '../../contract/approval.ts';
import { exitCode } from '../exit.ts';
import { describeApproval } from '../run/printer.ts';
import { type Session, showAll } from '../session.ts';

/** What is open, as a row each; then, for the person, all that an answer needs. With `of`, only what that run asks. */
export async function listApprovals(session: Session, of?: number): Promise<void> {
  const { approvals } = await session.client.request('approval.list', {});
  const shown = approvals.filter(({ run }) => of === undefined || run === of);
  showAll(session, 'approval', shown, ({ id, run, about, tool, title }) => `a${id}\tr${run}\t${about === 'call' ? tool : about}\t${title}`);
  for (const approval of shown) session.terminal.note(`\na${approval.id}: ${describeApproval(approval, session.texts)}`);
  if (shown.length > 0) session.terminal.note(`\n${session.texts.howToAnswer}`);
}

export type Reach = { readonly everywhere?: boolean; readonly pattern?: string };

export async function answerApproval({ client, terminal, texts }: Session, id: number, answer: ApprovalAnswer, reach: Reach = {}): Promise<void> {
  const approval = await client.request('approval.answer', { approval: id, answer, ...reach });
  terminal.line({ type: 'approval', approval });
  terminal.note(texts.answered);
}

export async function listGrants(session: Session): Promise<void> {
  const { grants } = await session.client.request('grant.list', {});
  showAll(session, 'grant', grants, ({ id, task, conversation, tool, what, folder }) => {
    const where = task !== null ? `t${task}` : conversation !== null ? `c${conversation}` : '*';
    return `g${id}\t${where}\t${tool}\t${what ?? '*'}\t${folder}`;
  });
}

export async function revokeGrant({ client }: Session, id: number): Promise<void> {
  await client.request('grant.revoke', { grant: id });
}

export async function listConversations(session: Session): Promise<void> {
  const { conversations } = await session.client.request('conversation.list', {});
  showAll(session, 'conversation', conversations, ({ id, title, folder, preview }) => `c${id}\t${title}\t${folder ?? ''}\t${preview}`);
}

export async function doctor({ client, terminal }: Session): Promise<number> {
  const { checks } = await client.request('app.doctor', {});
  for (const check of checks) terminal.show({ type: 'check', ...check }, `${check.ok ? 'ok  ' : 'FAIL'}  ${check.name}: ${check.detail}`);
  return checks.every(({ ok }) => ok) ? exitCode.done : exitCode.failed;
}
