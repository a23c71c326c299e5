// A task as one card that changes in place: its goal, how it stands in words, what stands behind it, and what can be done with it.
import { Button, MenuItem } from 'react-aria-components';
import type { Rest } from '../../electron/contract/run.ts';
import type { Task } from '../../electron/contract/task.ts';
import { Fold } from '../answer/fold.tsx';
import { StateIcon } from '../answer/state.tsx';
import { useNow } from '../parts/clock.ts';
import { More } from '../parts/more.tsx';
import { WhereMark } from '../parts/where.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { count, duration, moment } from '../texts/figures.ts';
import { type Say, useTexts } from '../texts/texts.ts';
import { TaskDetails, wantedOf } from './details.tsx';

/** More than its three lines hold. In characters. */
const shownOfGoal = 2000;

export function TaskCard({ task }: { readonly task: Task }) {
  const { say, tell } = useTexts();
  const isWorking = task.endedAt === null;
  const resting = useWindow((state) => state.app?.resting ?? null);
  return (
    <section className="task" aria-label={say('task.label', { goal: task.goal.slice(0, 80) })} data-state={task.state}>
      <header className="task-head">
        <StateIcon state={task.state === 'waiting' && task.waitingFor === 'time' && !task.paused ? 'scheduled' : task.state} />
        <p className="task-goal" dir="auto">
          {task.goal.slice(0, shownOfGoal)}
        </p>
        <Actions task={task} />
      </header>
      <p className="task-state">
        <b>{stateText(task, resting, say)}</b>
        <CurrentStep task={task} />
      </p>
      {task.schedule.type !== 'now' && <DueWords task={task} />}
      {task.fault !== null && task.waitingFor !== 'answer' && <p className="task-fault">{tell(task.fault)}</p>}
      {task.unknownCalls > 0 && <p className="task-fault">{say('task.unknownCalls', { count: task.unknownCalls })}</p>}
      {isWorking && task.state === 'running' && <div className="task-bar" aria-hidden="true" />}
      <Figures task={task} />
      <Behind task={task} />
    </section>
  );
}

/** The step of the plan, else the tool that is at work. */
function CurrentStep({ task }: { readonly task: Task }) {
  if (task.endedAt !== null || task.state === 'waiting') return null;
  const step = task.plan.steps.find(({ state }) => state === 'doing');
  if (step !== undefined) return <span dir="auto">{step.text}</span>;
  return task.current === '' ? null : (
    <span className="task-current" translate="no">
      {task.current}
    </span>
  );
}

type Verb = 'run-now' | 'pause' | 'resume' | 'remove';

/** What is likely comes as buttons, the rest in a menu. */
function Actions({ task }: { readonly task: Task }) {
  const { say } = useTexts();
  const { store, gestures } = useParts();
  const isResting = task.state === 'waiting' && task.waitingFor === 'time';
  const isOver = task.endedAt !== null;
  const verbs: readonly Verb[] = isResting ? ['run-now', task.paused ? 'resume' : 'pause'] : [];
  const more: readonly Verb[] = isOver ? ['run-now', 'remove'] : ['remove'];
  return (
    <div className="task-buttons">
      {verbs.map((verb) => (
        <Button key={verb} className="button button-small" onPress={() => void store.ask(`task.${verb}`, { task: task.id })}>
          {say(`task.${verb}`)}
        </Button>
      ))}
      {!isOver && !isResting && (
        <Button className="button button-small" onPress={() => void store.ask('task.stop', { task: task.id })}>
          {say('task.stop')}
        </Button>
      )}
      <More label={say('task.more')}>
        <MenuItem className="menu-item" onAction={() => gestures.editTask(task)}>
          {say('task.edit')}
        </MenuItem>
        {more.map((verb) => (
          <MenuItem
            key={verb}
            className={verb === 'remove' ? 'menu-item menu-item-grave' : 'menu-item'}
            onAction={() => void store.ask(`task.${verb}`, { task: task.id })}
          >
            {say(`task.${verb}`)}
          </MenuItem>
        ))}
      </More>
    </div>
  );
}

/** Closed it says how far the plan and the checks are; open it shows them. */
function Behind({ task }: { readonly task: Task }) {
  const { say } = useTexts();
  const steps = task.plan.steps.filter(({ state }) => state !== 'dropped');
  const done = steps.filter(({ state }) => state === 'done').length;
  const checks = wantedOf(task);
  const passed = task.evidence.filter(({ ok }) => ok).length;
  const line = (
    <>
      <span>{say('task.details')}</span>
      {steps.length > 0 && <span>{say('task.stepsDone', { done, total: steps.length })}</span>}
      {checks.length > 0 && <span>{say('task.checksPassed', { passed, total: checks.length })}</span>}
    </>
  );
  return (
    <Fold className="task-behind" line={line}>
      <TaskDetails task={task} />
    </Fold>
  );
}

/** The schedule in words, and when it is due next. */
export function DueWords({ task }: { readonly task: Pick<Task, 'words' | 'next'> }) {
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
      {task.usage !== null && <span>{tokensText(task, say, locale)}</span>}
      {task.usage !== null && <WhereMark where={task.usage.where} />}
      {task.folder !== null && (
        <span className="task-folder" translate="no" title={task.folder}>
          {task.folder}
        </span>
      )}
    </p>
  );
}

function tokensText({ spent, budget }: Task, say: Say, locale: string): string {
  const tokens = count(spent.tokens, locale);
  return budget.tokens === undefined ? say('task.tokens', { tokens }) : say('task.used.tokens', { used: tokens, limit: count(budget.tokens, locale) });
}

function stateText(task: Task, resting: Rest | null, say: Say): string {
  if (task.paused && task.waitingFor === 'time') return say('task.paused');
  if (task.state === 'queued' && resting !== null) return say(`rest.${resting}`);
  if (task.waitingFor === 'time' && (task.schedule.type === 'after' || task.schedule.type === 'after-change')) return say('task.waiting');
  return task.state === 'waiting' && task.waitingFor !== null ? say(`waiting.${task.waitingFor}`) : say(`task.${task.state}`);
}
