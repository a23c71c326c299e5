// A task as one card that changes in place: its goal, how it stands in words, and Stop.
import { CalendarClock, CircleCheck, CircleHelp, CirclePause, CircleStop, CircleX, LoaderCircle } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Rest } from '../../electron/contract/run.ts';
import type { Task } from '../../electron/contract/task.ts';
import { useNow } from '../parts/clock.ts';
import { WhereMark } from '../parts/where.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { count, duration, moment } from '../texts/figures.ts';
import { type Say, useTexts } from '../texts/texts.ts';

/** More than its three lines hold. In characters. */
const shownOfGoal = 2000;

export function TaskCard({ task }: { readonly task: Task }) {
  const { say, tell } = useTexts();
  const isWorking = task.endedAt === null;
  const resting = useWindow((state) => state.app?.resting ?? null);
  return (
    <section className="task" aria-label={say('task.label', { goal: task.goal.slice(0, 80) })} data-state={task.state}>
      <header className="task-head">
        <StateIcon task={task} />
        <p className="task-goal" dir="auto">
          {task.goal.slice(0, shownOfGoal)}
        </p>
        {isWorking && (task.state === 'waiting' && task.waitingFor === 'time' ? <ScheduleButtons task={task} /> : <StopButton task={task} />)}
      </header>
      <p className="task-state">
        <b>{stateText(task, resting, say)}</b>
        {isWorking && task.state !== 'waiting' && task.current !== '' && (
          <span className="task-current" translate="no">
            {task.current}
          </span>
        )}
      </p>
      {task.schedule.type !== 'now' && <When task={task} />}
      {task.fault !== null && <p className="task-fault">{tell(task.fault)}</p>}
      {task.unknownCalls > 0 && <p className="task-fault">{say('task.unknownCalls', { count: task.unknownCalls })}</p>}
      {isWorking && task.state === 'running' && <div className="task-bar" aria-hidden="true" />}
      <Figures task={task} />
    </section>
  );
}

function StopButton({ task }: { readonly task: Task }) {
  const { say } = useTexts();
  const { gestures } = useParts();
  return (
    <Button className="button button-small" onPress={() => void gestures.stopTask(task.id)}>
      {say('task.stop')}
    </Button>
  );
}

function ScheduleButtons({ task }: { readonly task: Task }) {
  const { say } = useTexts();
  const { gestures } = useParts();
  const verbs = ['run-now', task.paused ? 'resume' : 'pause', 'remove'] as const;
  return (
    <div className="task-buttons">
      {verbs.map((verb) => (
        <Button key={verb} className="button button-small" onPress={() => void gestures.schedule(verb, task.id)}>
          {say(`task.${verb}`)}
        </Button>
      ))}
    </div>
  );
}

/** The schedule in words, and when it is due next. */
function When({ task }: { readonly task: Task }) {
  const { say, language, locale } = useTexts();
  // Spaces within a time hold it together where the line breaks.
  const times = task.next.map((at) => moment(at, locale).replaceAll(' ', '\u00A0')).join(' · ');
  return (
    <p className="task-when">
      <span>{task.words[language]}</span>
      {times !== '' && <span>{say('task.next', { times })}</span>}
    </p>
  );
}

function Figures({ task }: { readonly task: Task }) {
  const { say, locale } = useTexts();
  // One that waits for its time is not at work, however long it waits.
  const isResting = task.waitingFor === 'time';
  const now = useNow(task.endedAt === null && !isResting ? 1000 : null);
  const took = (task.endedAt ?? now) - (task.startedAt ?? task.createdAt);
  return (
    <p className="task-figures">
      {(!isResting || task.steps > 0) && <span>{say('task.steps', { count: task.steps })}</span>}
      {!isResting && <span>{duration(took, say)}</span>}
      {task.usage !== null && <span>{say('task.tokens', { tokens: count(task.usage.read + task.usage.written, locale) })}</span>}
      {task.usage !== null && <WhereMark where={task.usage.where} />}
      {task.folder !== null && (
        <span className="task-folder" translate="no" title={task.folder}>
          {task.folder}
        </span>
      )}
    </p>
  );
}

function stateText(task: Task, resting: Rest | null, say: Say): string {
  if (task.paused && task.waitingFor === 'time') return say('task.paused');
  if (task.state === 'queued' && resting !== null) return say(`rest.${resting}`);
  if (task.waitingFor === 'time' && (task.schedule.type === 'after' || task.schedule.type === 'after-change')) return say('task.waiting');
  return task.state === 'waiting' && task.waitingFor !== null ? say(`waiting.${task.waitingFor}`) : say(`task.${task.state}`);
}

function StateIcon({ task }: { readonly task: Task }) {
  switch (task.state) {
    case 'queued':
    case 'running':
      return <LoaderCircle className="spin" />;
    case 'waiting':
      return task.waitingFor === 'time' && !task.paused ? <CalendarClock className="call-skipped" /> : <CirclePause className="call-asking" />;
    case 'done':
      return <CircleCheck className="call-done" />;
    case 'failed':
      return <CircleX className="call-failed" />;
    case 'stopped':
      return <CircleStop className="call-skipped" />;
    case 'unknown':
      return <CircleHelp className="call-unknown" />;
  }
}
