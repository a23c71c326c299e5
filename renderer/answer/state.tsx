// The picture for how a call or a task stands.
import { CalendarClock, CircleCheck, CircleHelp, CircleMinus, CirclePause, CircleStop, CircleX, Hand, LoaderCircle } from 'lucide-react';
import type { CallState } from '../../electron/contract/conversation.ts';
import type { RunState } from '../../electron/contract/run.ts';

const looks = {
  queued: [LoaderCircle, 'spin'],
  running: [LoaderCircle, 'spin'],
  asking: [Hand, 'call-asking'],
  waiting: [CirclePause, 'call-asking'],
  scheduled: [CalendarClock, 'call-skipped'],
  done: [CircleCheck, 'call-done'],
  failed: [CircleX, 'call-failed'],
  unknown: [CircleHelp, 'call-unknown'],
  stopped: [CircleStop, 'call-skipped'],
  denied: [CircleMinus, 'call-skipped'],
  skipped: [CircleMinus, 'call-skipped'],
} as const;

export function StateIcon({ state }: { readonly state: CallState | RunState | 'scheduled' }) {
  const [Icon, look] = looks[state];
  return <Icon className={look} />;
}
