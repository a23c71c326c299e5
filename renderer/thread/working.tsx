// The typing indicator: names what the assistant is doing and for how long.

import type { Phase } from '../../electron/contract/run.ts';
import { useNow } from '../parts/clock.ts';
import { activeTurn, type ThreadState } from '../state/thread-state.ts';
import { count, duration } from '../texts/figures.ts';
import { type Texts, useTexts } from '../texts/texts.ts';

export function Working({ thread }: { readonly thread: ThreadState }) {
  const texts = useTexts();
  const now = useNow(1000);
  const run = activeTurn(thread);
  const live = run === null ? undefined : thread.live[run];
  const asked = thread.items.some((item) => item.type === 'approval' && item.approval.state === 'open');
  const seconds = live === undefined ? 0 : now - live.since;
  return (
    <p className="working" data-phase={live?.phase.type ?? (asked ? 'waiting' : undefined)}>
      <span className="shimmer" aria-hidden="true" />
      <span>{live === undefined ? texts.say(asked ? 'waiting.approval' : 'phase.working') : phaseText(live.phase, texts)}</span>
      {seconds >= 1000 && <span className="working-time">{duration(seconds, texts.say)}</span>}
    </p>
  );
}

function phaseText(phase: Phase, { say, locale }: Texts): string {
  switch (phase.type) {
    case 'loading':
      return say('phase.loading', { percent: Math.round(phase.progress * 100) });
    case 'reading':
      return say('phase.reading', { tokens: count(phase.tokens, locale) });
    case 'calling':
      return say('phase.calling', { tool: phase.tool, title: phase.title });
    case 'retrying':
      return say('phase.retrying', { seconds: Math.ceil(phase.seconds) });
    case 'waiting':
      return say(`waiting.${phase.for}`);
    default:
      return say(`phase.${phase.type}`);
  }
}
