// `nacre work`: goes on with what is queued or was interrupted, until idle or until told to leave.
import type { Event } from '../../contract/event.ts';
import { fill } from '../../contract/tell.ts';
import { isPlausible } from '../../schedule/watch.ts';
import { exitCode } from '../exit.ts';
import type { Session } from '../session.ts';
import type { Texts } from '../texts/texts.ts';

export type WorkOptions = { readonly untilIdle?: boolean };

/** Works while it holds the data; while another Nacre does, it watches that one and takes over when it closes. Ends with code 0 when idle, 3 where the rest waits for the person, mains power or the like. */
export async function work(session: Session, { untilIdle }: WorkOptions): Promise<number> {
  const { client, terminal, texts, signals } = session;
  terminal.note(texts.working);
  const { resting } = await client.request('app.state', {});
  if (resting !== null) terminal.note(texts[`rest.${resting}`]);
  const code = await new Promise<number>((resolve, reject) => {
    signals.onInterrupt(() => resolve(untilIdle === true ? exitCode.failed : exitCode.done));
    terminal.gone.addEventListener('abort', () => resolve(exitCode.failed));
    const look = (): void => {
      if (untilIdle === true) howIdle(session).then((idle) => idle !== 'busy' && resolve(idle === 'idle' ? exitCode.done : exitCode.waiting), reject);
    };
    client.subscribe((event) => {
      terminal.line(event);
      const text = describe(event, texts);
      if (text !== null) terminal.note(text);
      if (untilIdle === true && event.type === 'app.noticed' && event.fault.code === 'app.disk-full') resolve(exitCode.waiting);
      if (event.type === 'run.ended' || event.type === 'run.waiting' || event.type === 'conversation.changed') look();
    });
    client.onRenewed(look);
    look();
  });
  signals.onInterrupt(null);
  if (untilIdle !== true || code !== exitCode.done) return code;
  const count = (await client.request('approval.list', {})).approvals.length;
  terminal.note(count === 0 ? texts.idle : fill(texts.questionsOpen, { count }));
  return count === 0 ? code : exitCode.waiting;
}

async function howIdle({ client }: Session): Promise<'idle' | 'busy' | 'resting'> {
  const { conversations } = await client.request('conversation.list', {});
  const { tasks } = await client.request('task.list', {});
  const overdue = isPlausible(Date.now()) && tasks.some(({ next, state }) => state === 'waiting' && next.some((due) => due <= Date.now()));
  const busy = conversations.filter((conversation) => conversation.busy);
  if (busy.length === 0) return overdue ? 'busy' : 'idle';
  const { resting } = await client.request('app.state', {});
  const isHeld = (id: number): boolean => tasks.every(({ conversation, state }) => conversation !== id || state !== 'running');
  const isQueued = (id: number): boolean => tasks.some(({ conversation, state }) => conversation === id && state === 'queued');
  return resting !== null && busy.every(({ id }) => isQueued(id) && isHeld(id)) ? 'resting' : 'busy';
}

function describe(event: Event, texts: Texts): string | null {
  switch (event.type) {
    case 'run.started':
      return `r${event.run}: started`;
    case 'call.changed':
      return event.call.state === 'running' ? `r${event.run}: ${event.call.tool} ${event.call.title}` : null;
    case 'run.noticed':
      return `r${event.run}: ${event.fault.message}`;
    case 'run.waiting':
      return `r${event.run}: waiting (${event.for})`;
    case 'run.ended':
      return `r${event.run}: ${event.outcome}${event.fault === null ? '' : ` (${event.fault.message})`}`;
    case 'app.noticed':
      return event.fault.message;
    case 'rest.changed':
      return texts[`rest.${event.resting ?? 'over'}`];
    default:
      return null;
  }
}
