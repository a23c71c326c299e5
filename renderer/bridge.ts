// The one door to the assistant: what the preload exposes, typed from the contract.
import type { Event } from '../electron/contract/event.ts';
import type { Reply } from '../electron/contract/fault.ts';
import type { RequestInput, RequestName, RequestOutput } from '../electron/contract/request.ts';

export interface Bridge {
  /** Rejects only where the line to the assistant is broken. */
  request<N extends RequestName>(name: N, payload: RequestInput<N>): Promise<Reply<RequestOutput<N>>>;
  /** Calls `listener` for every event in order until the returned function is called. */
  subscribe(listener: (event: Event) => void): () => void;
}

declare global {
  interface Window {
    readonly nacre: Bridge;
  }
}
