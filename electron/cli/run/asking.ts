// Puts open questions of a run to the person at the terminal, one after the other.
import type { Approval, ApprovalAnswer } from '../../contract/approval.ts';
import { FaultError } from '../../contract/fault.ts';
import type { RunId } from '../../contract/id.ts';
import type { Client } from '../client.ts';
import type { Session } from '../session.ts';
import { describeApproval } from './printer.ts';

/** Undefined where the line is none of the answers. */
export function parseAnswer(line: string): ApprovalAnswer | undefined {
  const said = line.trim().toLowerCase();
  if (['y', 'yes', 'once', '是'].includes(said)) return 'once';
  if (['c', 'conversation', '对话'].includes(said)) return 'conversation';
  return ['n', 'no', 'deny', '否'].includes(said) ? 'deny' : undefined;
}

export async function openQuestions(client: Client, run: RunId): Promise<readonly Approval[]> {
  const { approvals } = await client.request('approval.list', {});
  return approvals.filter((approval) => approval.run === run);
}

export type ReadLine = (prompt: string, signal: AbortSignal) => Promise<string | null>;

/**
 * Asks until no question of the run is open. `readLine` gives what the person types after the prompt; null at the end of input, and when its signal aborts.
 * False where the person left or `stopping` aborted: what is open stays open.
 */
export async function askOpen(session: Session, run: RunId, readLine: ReadLine, stopping: AbortSignal): Promise<boolean> {
  for (;;) {
    const [next] = await openQuestions(session.client, run);
    if (next === undefined) return true;
    if (!(await put(session, next, readLine, stopping))) return false;
  }
}

async function put({ client, terminal, texts }: Session, approval: Approval, readLine: ReadLine, stopping: AbortSignal): Promise<boolean> {
  // A question is let go that was answered elsewhere, for example in the window.
  const answered = new AbortController();
  const leave = client.subscribe((event) => event.type === 'approval.answered' && event.approval.id === approval.id && answered.abort());
  terminal.say(describeApproval(approval, texts));
  const answer = await readAnswer(readLine, approval.about === 'call' ? texts.allow : texts.goOn, AbortSignal.any([answered.signal, stopping]));
  leave();
  if (answer !== null) await giveAnswer(client, approval, answer);
  return answer !== null || answered.signal.aborted;
}

/** Someone else may have been quicker; then theirs counts. */
async function giveAnswer(client: Client, approval: Approval, answer: ApprovalAnswer): Promise<void> {
  try {
    await client.request('approval.answer', { approval: approval.id, answer });
  } catch (error) {
    if (!(error instanceof FaultError && error.fault.code === 'approval.missing')) throw error;
  }
}

async function readAnswer(readLine: ReadLine, prompt: string, signal: AbortSignal): Promise<ApprovalAnswer | null> {
  for (;;) {
    const line = await readLine(prompt, signal);
    if (line === null) return null;
    const answer = parseAnswer(line);
    if (answer !== undefined) return answer;
  }
}
