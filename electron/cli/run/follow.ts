// Follows one run to its end, or to where it waits for a person; survives a change of who holds the data.
import type { Event } from '../../contract/event.ts';
import type { ConversationId, RunId } from '../../contract/id.ts';
import { Outcome, type RunView, type WaitingFor } from '../../contract/run.ts';
import type { Client } from '../client.ts';

export type Ending = Omit<Extract<Event, { type: 'run.ended' }>, 'type' | 'outcome'> & { readonly outcome: Outcome | 'waiting' };

export type Followed = {
  /** Every event of the run and its conversation, except the run's end. */
  event(event: Event): void;
  /** The run waits. True once someone here has seen to it, so that following goes on; false to leave it waiting. Never called twice at a time. */
  waits(reason: WaitingFor): Promise<boolean>;
};

export type Watch = ReturnType<typeof createWatch>;

/** Call it before posting: what happens before the run's number is known is kept for `follow`. */
export function createWatch(client: Client) {
  const early: Event[] = [];
  let take = (event: Event): void => void early.push(event);
  let look = (): void => undefined;
  const leave = [client.subscribe((event) => take(event)), client.onRenewed(() => look())];

  /** Asks how the run is, and again whenever it may have changed meanwhile. */
  async function settle(run: RunId, waits: Followed['waits']): Promise<Ending> {
    for (;;) {
      const { promise: changed, resolve } = Promise.withResolvers<void>();
      look = resolve;
      const view = await client.request('run.view', { run });
      const ended = Outcome.safeParse(view.state);
      if (ended.success) return endingOf(view, ended.data);
      if (view.state === 'waiting' && !(await waits(view.waitingFor ?? 'approval'))) return endingOf(view, 'waiting');
      await changed;
    }
  }

  return {
    /** Rejects with a FaultError where the data can't be reached any more. */
    follow: (run: RunId, conversation: ConversationId, followed: Followed) => {
      const { promise, resolve } = Promise.withResolvers<Ending>();
      take = (event) => {
        if (event.type === 'run.ended' && event.run === run) {
          take = () => undefined;
          resolve(event);
          return;
        }
        if (concerns(event, run, conversation)) followed.event(event);
        // Nothing can be recorded until the person makes room; the run goes on by itself then.
        if (event.type === 'app.noticed' && event.fault.code === 'app.disk-full')
          resolve({ run, conversation, task: null, outcome: 'waiting', text: '', fault: event.fault, usage: null });
        if (event.type === 'run.waiting' && event.run === run) look();
      };
      for (const event of early.splice(0)) take(event);
      return Promise.race([promise, settle(run, followed.waits)]);
    },
    close: (): void => {
      for (const stop of leave) stop();
    },
  };
}

/** A wait that ends without a person. */
export function mayPass(reason: WaitingFor): boolean {
  return reason === 'time' || reason === 'network';
}

function endingOf(view: RunView, outcome: Ending['outcome']): Ending {
  const { id: run, conversation, task, text, fault, usage } = view;
  return { run, conversation, task, outcome, text, fault, usage };
}

/** What a follower of this run hears: the run itself, its conversation, and what is said to everybody. */
function concerns(event: Event, run: RunId, conversation: ConversationId): boolean {
  if ('run' in event) return event.run === run;
  if ('item' in event) return event.item.conversation === conversation;
  if ('task' in event) return event.task.conversation === conversation;
  if (event.type === 'conversation.changed') return event.conversation.id === conversation;
  return event.type === 'app.noticed' || ('conversation' in event && event.conversation === conversation);
}
