// Gathers events for a moment before they cross to the window, and joins neighbouring pieces of text of the same run.
import type { Event } from '../contract/event.ts';

/** Keeps the order of events. Text waits at most `delay` milliseconds; any other event takes what waits along at once. */
export function createBatch(send: (events: readonly Event[]) => void, delay: number) {
  let waiting: Event[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const events = waiting;
    waiting = [];
    if (events.length > 0) send(events);
  };
  return {
    add: (event: Event): void => {
      waiting = append(waiting, event);
      if (!isText(event)) flush();
      else timer ??= setTimeout(flush, delay);
    },
    flush,
  };
}

function append(events: readonly Event[], event: Event): Event[] {
  const last = events.at(-1);
  if (last !== undefined && isText(last) && isText(event) && last.type === event.type && last.run === event.run) {
    return [...events.slice(0, -1), { ...event, delta: last.delta + event.delta }];
  }
  return [...events, event];
}

function isText(event: Event): event is Extract<Event, { delta: string }> {
  return event.type === 'text.added' || event.type === 'thought.added';
}
