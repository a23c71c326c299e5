// The one door to the assistant: what the preload exposes, typed from the contract.
import type { Event } from '../electron/contract/event.ts';
import type { Reply } from '../electron/contract/fault.ts';
import type { RequestInput, RequestName, RequestOutput } from '../electron/contract/request.ts';

export interface Bridge {
  /** Never rejects: a broken line to the assistant comes back as the fault `app.defect`. */
  request<N extends RequestName>(name: N, payload: RequestInput<N>): Promise<Reply<RequestOutput<N>>>;
  /** Calls `listener` for every event in order until the returned function is called. */
  subscribe(listener: (event: Event) => void): () => void;
}

declare global {
  interface Window {
    readonly nacre: Bridge;
  }
}

export function createBridge(exposed: Bridge): Bridge {
  return {
    async request(name, payload) {
      try {
        return await exposed.request(name, payload);
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        return { ok: false, fault: { code: 'app.defect', message: `Something went wrong inside Nacre (${detail}).`, values: { detail } } };
      }
    },
    subscribe: (listener) => exposed.subscribe(listener),
  };
}
