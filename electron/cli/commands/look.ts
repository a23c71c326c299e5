// Commands that only look, or answer: `run show`, `approvals`, `conversation list`, `doctor`.
import type { Approval } from '../../contract/approval.ts';
import type { Entry, EntryBody } from '../../contract/entry.ts';
import { exitCode } from '../exit.ts';
import type { Session } from '../session.ts';

export async function showRun({ client, terminal }: Session, id: number): Promise<number> {
  const { run, entries } = await client.request('run.show', { run: id });
  terminal.line({ type: 'run', run });
  terminal.answer(`r${run.id}\t${run.state}${run.waitingFor === null ? '' : ` (${run.waitingFor})`}\t${run.model ?? ''}\n`);
  for (const entry of entries) {
    terminal.line({ type: 'entry', entry });
    terminal.answer(`${describe(entry)}\n`);
  }
  return exitCode.done;
}

export async function listApprovals({ client, terminal, texts }: Session): Promise<number> {
  const { approvals } = await client.request('approval.list', {});
  const open = approvals.filter(({ state }) => state === 'open');
  for (const approval of open) {
    terminal.line({ type: 'approval', approval });
    terminal.answer(`a${approval.id}\tr${approval.run}\t${approval.tool}\t${approval.title}\n`);
  }
  if (open.length === 0) terminal.note(texts.none);
  return exitCode.done;
}

export async function answerApproval({ client, terminal, texts }: Session, id: number, answer: NonNullable<Approval['answer']>): Promise<number> {
  const approval = await client.request('approval.answer', { approval: id, answer });
  terminal.line({ type: 'approval', approval });
  terminal.note(texts.answered);
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

function describe({ at, body }: Entry): string {
  return `${new Date(at).toISOString()}  ${body.type.padEnd(8)}  ${summary(body)}`;
}

function summary(body: EntryBody): string {
  switch (body.type) {
    case 'message':
    case 'reply':
      return [body.text, ...('calls' in body ? body.calls.map(({ tool, arguments: given }) => `${tool} ${given}`) : [])]
        .filter((text) => text !== '')
        .join(' → ');
    case 'started':
      return `attempt ${body.attempt}, ${body.model}`;
    case 'outcome':
      return `${body.status}: ${body.output}`;
    case 'intent':
      return `${body.call} (${body.effect})`;
    case 'asked':
      return `a${body.approval}`;
    case 'answered':
      return `a${body.approval}: ${body.answer}`;
    case 'waiting':
      return body.for;
    case 'notice':
      return body.fault.message;
    case 'ended':
      return `${body.outcome}${body.fault === null ? '' : `: ${body.fault.message}`}`;
    default:
      return JSON.stringify(body);
  }
}
