// Which answers a question has, in the order of their keys, and what each is called.
import type { Approval, ApprovalAnswer } from '../../electron/contract/approval.ts';
import type { TextKey } from '../texts/texts.ts';

/** A schedule, and a run that asks whether to go on, are agreed to or not: there is nothing to allow from now on. */
export function answersFor({ about, tool }: Approval): readonly ApprovalAnswer[] {
  return about !== 'call' || tool === 'schedule_task' ? ['once', 'deny'] : ['once', 'conversation', 'deny'];
}

export function answerText({ about, tool, task }: Approval, answer: ApprovalAnswer): TextKey {
  if (about !== 'call') return answer === 'deny' ? 'approval.end' : 'approval.goOn';
  if (tool === 'schedule_task' && answer === 'once') return 'approval.add';
  if (answer === 'conversation') return task === null ? 'approval.conversation' : 'approval.task';
  return `approval.${answer}`;
}

export function questionText({ about, tool, before }: Approval): TextKey {
  if (about !== 'call') return `approval.${about}`;
  if (tool === 'run_command') return 'approval.command';
  if (tool === 'write_file') return before === null ? 'approval.newFile' : 'approval.changeFile';
  return tool === 'schedule_task' ? 'approval.schedule' : 'approval.other';
}
