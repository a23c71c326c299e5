// Commands that only look, or answer: `approvals`, `conversation list`, `doctor`.
import type { Approval } from '../../contract/approval.ts';
import { exitCode } from '../exit.ts';
import type { Session } from '../session.ts';

export async function listApprovals({ client, terminal, texts }: Session): Promise<number> {
  const { approvals } = await client.request('approval.list', {});
  const open = approvals.filter(({ state }) => state === 'open');
  for (const approval of open) {
    terminal.line({ type: 'approval', approval });
    terminal.answer(`a${approval.id}\tr${approval.run}\t${approval.about === 'call' ? approval.tool : approval.about}\t${approval.title}\n`);
  }
  if (open.length === 0) terminal.note(texts.none);
  return exitCode.done;
}

type Answer = NonNullable<Approval['answer']>;
type Reach = { readonly everywhere?: boolean; readonly pattern?: string };

export async function answerApproval({ client, terminal, texts }: Session, id: number, answer: Answer, reach: Reach = {}): Promise<number> {
  const approval = await client.request('approval.answer', { approval: id, answer, ...reach });
  terminal.line({ type: 'approval', approval });
  terminal.note(texts.answered);
  return exitCode.done;
}

export async function listGrants({ client, terminal, texts }: Session): Promise<number> {
  const { grants } = await client.request('grant.list', {});
  for (const grant of grants) {
    const where = grant.task !== null ? `t${grant.task}` : grant.conversation !== null ? `c${grant.conversation}` : '*';
    terminal.line({ type: 'grant', grant });
    terminal.answer(`g${grant.id}\t${where}\t${grant.tool}\t${grant.what ?? '*'}\t${grant.folder}\n`);
  }
  if (grants.length === 0) terminal.note(texts.none);
  return exitCode.done;
}

export async function revokeGrant({ client }: Session, id: number): Promise<number> {
  await client.request('grant.revoke', { grant: id });
  return exitCode.done;
}

export async function listConversations({ client, terminal, texts }: Session): Promise<number> {
  const { conversations } = await client.request('conversation.list', {});
  for (const conversation of conversations) {
    terminal.line({ type: 'conversation', conversation });
    terminal.answer(`c${conversation.id}\t${conversation.title}\t${conversation.folder ?? ''}\t${conversation.preview}\n`);
  }
  if (conversations.length === 0) terminal.note(texts.none);
  return exitCode.done;
}

export async function doctor({ client, terminal }: Session): Promise<number> {
  const { checks } = await client.request('app.doctor', {});
  for (const check of checks) {
    terminal.line({ type: 'check', ...check });
    terminal.answer(`${check.ok ? 'ok  ' : 'FAIL'}  ${check.name}: ${check.detail}\n`);
  }
  return checks.every(({ ok }) => ok) ? exitCode.done : exitCode.failed;
}
