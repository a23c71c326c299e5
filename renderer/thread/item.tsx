// One item of the thread, drawn by its kind.
import { memo } from 'react';
import type { ThreadItem } from '../../electron/contract/conversation.ts';
import { Answer } from '../answer/answer.tsx';
import { InlineApproval } from '../approval/inline.tsx';
import { TaskCard } from '../tasks/card.tsx';
import { Said } from './said.tsx';

interface Props {
  readonly item: ThreadItem;
  /** An answer after which nothing was said, or a message at the end that nothing works on: it can be asked for again. */
  readonly isLast: boolean;
  readonly onApprovalInView: (approval: number, seen: boolean) => void;
}

export const Item = memo(function Item({ item, isLast, onApprovalInView }: Props) {
  switch (item.type) {
    case 'said':
      return <Said item={item} isUnanswered={isLast} />;
    case 'answer':
      return <Answer item={item} isLast={isLast} />;
    case 'task':
      return <TaskCard task={item.task} />;
    case 'approval':
      return <InlineApproval approval={item.approval} onInView={onApprovalInView} />;
  }
});
