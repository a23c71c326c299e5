// The open thread: only what is near the view is drawn, it follows new text only while at the bottom, and keeps its place.
import { ArrowDown } from 'lucide-react';
import { memo, useMemo } from 'react';
import { Button } from 'react-aria-components';
import { Virtualizer } from 'virtua';
import type { ThreadItem } from '../../electron/contract/conversation.ts';
import type { ConversationId } from '../../electron/contract/id.ts';
import { Answer } from '../answer/answer.tsx';
import { InlineApproval } from '../approval/inline.tsx';
import { focusComposer } from '../composer/focus.ts';
import { useNow } from '../parts/clock.ts';
import { useParts, useWindow } from '../state/context.tsx';
import { emptyThread, type ThreadState } from '../state/thread-state.ts';
import { TaskCard } from '../tasks/card.tsx';
import { dayName } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';
import { type Row, rowsOf } from './rows.ts';
import { Outgoing, Said } from './said.tsx';
import { useScrolling } from './scrolling.ts';
import { Working } from './working.tsx';

export function Thread({ conversation }: { readonly conversation: ConversationId }) {
  const { say } = useTexts();
  const thread = useWindow((state) => state.threads[conversation]) ?? emptyThread;
  const rows = useMemo(() => rowsOf(thread), [thread]);
  const shown = thread.ready ? rows : [];
  const scrolling = useScrolling(conversation, thread, rows);
  return (
    <div className="thread">
      <div ref={scrolling.scroller} className="thread-scroll" {...logOf(say('thread.label'))} {...scrolling.heard}>
        {thread.ready && rows.length === 0 ? <Blank /> : <div className="thread-spring" />}
        <Virtualizer
          ref={scrolling.list}
          scrollRef={scrolling.scroller}
          shift={scrolling.shift}
          onResize={scrolling.settle}
          onScrollEnd={scrolling.keep}
          keepMounted={shown.length === 0 ? [] : [Math.max(0, shown.length - 2), shown.length - 1]}
        >
          {shown.map((row) => (
            <div key={row.key} className="line" data-row={row.key}>
              <Line row={row} thread={thread} conversation={conversation} />
            </div>
          ))}
        </Virtualizer>
      </div>
      {scrolling.away !== null && (
        <Button className="jump" onPress={scrolling.toBottom} aria-label={say('thread.jump', { count: scrolling.away })}>
          <ArrowDown />
          {scrolling.away > 0 && <span>{scrolling.away}</span>}
        </Button>
      )}
    </div>
  );
}

/** Announced are completed answers only, by the window; the log itself changes with every token. It scrolls, so the keyboard must reach it. */
function logOf(label: string) {
  return { role: 'log', 'aria-live': 'off', tabIndex: 0, 'aria-label': label } as const;
}

function Line({ row, thread, conversation }: { readonly row: Row; readonly thread: ThreadState; readonly conversation: ConversationId }) {
  const { say } = useTexts();
  switch (row.type) {
    case 'day':
      return <Day at={row.at} />;
    case 'new':
      return <p className="new-line">{say('thread.new')}</p>;
    case 'item':
      return <Item item={row.item} isLast={row.isLast} />;
    case 'pending':
      return <Outgoing conversation={conversation} pending={row.pending} />;
    case 'working':
      return <Working thread={thread} />;
  }
}

interface ItemProps {
  readonly item: ThreadItem;
  /** An answer after which nothing was said, or a message at the end that nothing works on: it can be asked for again. */
  readonly isLast: boolean;
}

const Item = memo(function Item({ item, isLast }: ItemProps) {
  switch (item.type) {
    case 'said':
      return <Said item={item} isUnanswered={isLast} />;
    case 'answer':
      return <Answer item={item} isLast={isLast} />;
    case 'task':
      return <TaskCard task={item.task} />;
    case 'approval':
      return <InlineApproval approval={item.approval} />;
  }
});

function Day({ at }: { readonly at: number }) {
  const { locale } = useTexts();
  const now = useNow(600_000);
  return <p className="day-line">{dayName(at, now, locale)}</p>;
}

/** An empty thread says what one can do here. */
function Blank() {
  const { say } = useTexts();
  const { gestures } = useParts();
  const selected = useWindow((state) => state.selected);
  const starters = ['blank.first', 'blank.second', 'blank.third'] as const;
  return (
    <div className="blank">
      <h2>{say('blank.title')}</h2>
      <p>{say('blank.text')}</p>
      <div className="starters">
        {starters.map((key) => (
          <Button
            key={key}
            className="starter"
            onPress={() => {
              if (selected !== null) gestures.draft(selected, say(key));
              focusComposer();
            }}
          >
            {say(key)}
          </Button>
        ))}
      </div>
    </div>
  );
}
