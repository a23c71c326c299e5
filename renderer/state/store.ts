// Holds the window's state and feeds it the assistant's events, gathered so that a fast stream costs one drawing per frame.
import { createStore } from 'zustand/vanilla';
import type { Event } from '../../electron/contract/event.ts';
import type { Fault, Reply } from '../../electron/contract/fault.ts';
import type { RequestInput, RequestName, RequestOutput } from '../../electron/contract/request.ts';
import type { Bridge } from '../bridge.ts';
import { emptyWindow, reduce, type Undo, type WindowState } from './window-state.ts';

export type Store = ReturnType<typeof createWindowStore>;

export function createWindowStore(bridge: Bridge, now: () => number = Date.now) {
  const { setState, ...reading } = createStore<WindowState>(() => emptyWindow);
  const gathered = gather((events) => {
    const time = now();
    setState((state) => events.reduce((before, event) => reduce(before, event, time), state), true);
  });
  bridge.subscribe(gathered.add);
  let toasts = 0;

  /** As the bridge's, but never rejects, and by the time it answers, every event sent before the answer has been applied. */
  async function request<N extends RequestName>(name: N, payload: RequestInput<N>) {
    const reply = await bridge.request(name, payload).catch(broken);
    gathered.flush();
    return reply;
  }

  function toast({ fault = null, undo = null }: { fault?: Fault | null; undo?: Undo | null }): void {
    toasts += 1;
    const added = { id: toasts, fault, undo };
    setState((state) => ({ toasts: [...state.toasts.slice(-2), added] }));
  }

  return {
    ...reading,
    change: (next: (state: WindowState) => Partial<WindowState>): void => setState((state) => ({ ...state, ...next(state) }), true),
    request,
    /** As `request`; a fault is shown as a toast and null comes back. */
    async ask<N extends RequestName>(name: N, payload: RequestInput<N>): Promise<RequestOutput<N> | null> {
      const reply = await request(name, payload);
      if (reply.ok) return reply.value;
      toast({ fault: reply.fault });
      return null;
    },
    toast,
  };
}

function broken(error: unknown): Reply<never> {
  const detail = error instanceof Error ? error.message : String(error);
  return { ok: false, fault: { code: 'app.defect', message: `Something went wrong inside Nacre (${detail}).`, values: { detail } } };
}

/**
 * Gathers events and applies them together. The pause between two drawings is at least twice what the last one took,
 * so that however much there is to draw, half of the time is left for the person's own keys.
 */
function gather(apply: (events: readonly Event[]) => void): { add(event: Event): void; flush(): void } {
  let waiting: Event[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  let pause = 16;

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    const start = performance.now();
    apply(events);
    // React draws in a microtask of its own, queued by then; this one runs after it.
    queueMicrotask(() => {
      pause = Math.min(500, Math.max(16, 2 * (performance.now() - start)));
    });
  }

  return {
    add(event) {
      waiting.push(event);
      timer ??= setTimeout(flush, pause);
    },
    flush,
  };
}
