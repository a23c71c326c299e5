// What the assistant answered: text, thoughts, the steps it took, how it ended, and what it cost.
import { CircleAlert, CircleStop, Info, RotateCcw } from 'lucide-react';
import { memo } from 'react';
import { Button, Group } from 'react-aria-components';
import type { CallView, MessagePart } from '../../electron/contract/conversation.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { WhereMark } from '../parts/where.tsx';
import { useWindow } from '../state/context.tsx';
import { type AnswerItem, isUnderWay } from '../state/thread-state.ts';
import { clock, count } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';
import { Chain } from './chain.tsx';
import { Fold } from './fold.tsx';
import { ReportView } from './report.tsx';
import { TryAgain, useRetry } from './retry.tsx';

export function Answer({ item, isLast }: { readonly item: AnswerItem; readonly isLast: boolean }) {
  const { say } = useTexts();
  const isWorking = isUnderWay(item.state);
  const sections = sectionsOf(item.parts);
  return (
    <article className="answer" aria-label={say('answer.label')} aria-busy={isWorking}>
      {item.task !== null && <p className="answer-task">{say('answer.ofTask', { task: item.task })}</p>}
      {sections.map((section, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sections are only ever added at the end
        <SectionView key={index} section={section} isLast={isWorking && index === sections.length - 1} />
      ))}
      <Ending item={item} isLast={isLast} />
      {item.report !== null && <ReportView run={item.run} report={item.report} />}
      {!isWorking && (item.usage !== null || item.parts.length > 0) && <Foot item={item} isLast={isLast} />}
    </article>
  );
}

type Section = Exclude<MessagePart, { type: 'call' }> | { readonly type: 'chain'; readonly calls: readonly CallView[] };

/** Calls that follow each other, with at most thoughts between, make one chain. */
function sectionsOf(parts: readonly MessagePart[]): readonly Section[] {
  const sections: Section[] = [];
  for (const part of parts) {
    if (part.type !== 'call') {
      if (part.type === 'notice' || part.text.trim() !== '') sections.push(part);
      continue;
    }
    const at = sections.findLastIndex((section) => section.type !== 'thought');
    const last = sections[at];
    if (last?.type === 'chain') sections[at] = { type: 'chain', calls: [...last.calls, part.call] };
    else sections.push({ type: 'chain', calls: [part.call] });
  }
  return sections;
}

const SectionView = memo(function SectionView({ section, isLast }: { readonly section: Section; readonly isLast: boolean }) {
  const { tell } = useTexts();
  switch (section.type) {
    case 'text':
      return <Markdown text={section.text} streaming={isLast} />;
    case 'thought':
      return <Thought text={section.text} isOpenEnded={isLast} />;
    case 'chain':
      return <Chain calls={section.calls} />;
    case 'notice':
      return (
        <p className="answer-notice">
          <Info />
          {tell(section.fault)}
        </p>
      );
  }
});

/** What the model thought before it answered: one line, opened on demand. */
function Thought({ text, isOpenEnded }: { readonly text: string; readonly isOpenEnded: boolean }) {
  const { say } = useTexts();
  const line = text.trim().replace(/\s+/g, ' ');
  const shown = (
    <>
      <span>{say(isOpenEnded ? 'thought.now' : 'thought.done')}</span>
      <span className="thought-excerpt">{line.slice(0, 160)}</span>
    </>
  );
  return (
    <Fold className="thought" line={shown}>
      <p className="thought-text" dir="auto">
        {text.trim()}
      </p>
    </Fold>
  );
}

/** How it ended, if not well: stopped is no failure. */
function Ending({ item, isLast }: { readonly item: AnswerItem; readonly isLast: boolean }) {
  const { say, tell } = useTexts();
  const retry = useRetry();
  if (item.state === 'stopped') {
    return (
      <p className="answer-notice">
        <CircleStop />
        {say('answer.stopped')}
        {isLast && item.parts.length === 0 && <TryAgain run={item.run} />}
      </p>
    );
  }
  if (item.state !== 'failed' && item.state !== 'unknown') return null;
  return (
    <Group className="fault" aria-label={say('answer.fault')}>
      <CircleAlert />
      <div>
        <p>{item.fault === null ? say(item.state === 'failed' ? 'answer.failed' : 'answer.unknown') : tell(item.fault)}</p>
        {(isLast || item.task !== null) && (
          <Button className="button" onPress={() => retry(item.run)}>
            {say('answer.tryAgain')}
          </Button>
        )}
      </div>
    </Group>
  );
}

function Foot({ item, isLast }: { readonly item: AnswerItem; readonly isLast: boolean }) {
  const { say, locale } = useTexts();
  const retry = useRetry();
  const text = item.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
  return (
    <footer className="answer-foot" data-last={isLast || undefined}>
      <span className="answer-actions">
        {text !== '' && <CopyButton text={text} label={say('answer.copy')} />}
        {/* Asking again replaces all that came after, so it is offered where nothing has. */}
        {item.task === null && isLast && (
          <IconButton label={say('answer.retry')} onPress={() => retry(item.run)}>
            <RotateCcw />
          </IconButton>
        )}
        <time>{clock(item.at, locale)}</time>
      </span>
      <Cost item={item} />
    </footer>
  );
}

function Cost({ item }: { readonly item: AnswerItem }) {
  const { say, locale } = useTexts();
  const { usage } = item;
  const name = useWindow((state) => state.models.find((model) => model.id === usage?.model)?.name ?? usage?.model);
  if (usage === null) return null;
  // A script is said as fast as it can; its speed says nothing.
  const speed = usage.decodeMs > 0 && usage.where !== 'scripted' ? usage.written / (usage.decodeMs / 1000) : 0;
  return (
    <span className="cost">
      <WhereMark where={usage.where} />
      <span className="cost-model" translate="no">
        {name}
      </span>
      <span title={say('cost.explained')}>
        {say('cost.tokens', { read: count(usage.read, locale), reused: count(usage.reused, locale), written: count(usage.written, locale) })}
      </span>
      {speed > 0 && <span>{say('cost.speed', { speed: count(speed, locale) })}</span>}
    </span>
  );
}
