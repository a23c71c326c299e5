// What the two sides of a supervised engine say to each other, and the line between them.
import type { EngineLane, GenerateRequest, Loaded, LoadRequest, Piece, PrefillRequest, Reply } from './engine.ts';

/** What each method takes and gives, and the news it sends in between. */
export type Methods = {
  load: { input: LoadRequest; news: number; output: Loaded };
  count: { input: { readonly file: string; readonly texts: readonly string[] }; news: never; output: readonly number[] };
  prefill: { input: PrefillRequest; news: never; output: number };
  generate: { input: GenerateRequest; news: Piece; output: Reply };
  saveState: { input: { readonly lane: EngineLane; readonly file: string }; news: never; output: number };
  loadState: { input: { readonly lane: EngineLane; readonly file: string }; news: never; output: number };
  unload: { input: string; news: never; output: null };
  close: { input: null; news: never; output: null };
};
export type Method = keyof Methods;
export type AnyRequest = { [M in Method]: { readonly type: 'request'; readonly id: number; readonly method: M; readonly input: Methods[M]['input'] } }[Method];

export type ToChild = AnyRequest | { readonly type: 'abort'; readonly id: number };
export type FromChild =
  | { readonly type: 'news'; readonly id: number; readonly value: Methods[Method]['news'] }
  | { readonly type: 'done'; readonly id: number; readonly value: Methods[Method]['output'] }
  | { readonly type: 'failed'; readonly id: number; readonly code: string; readonly message: string; readonly values: Readonly<Record<string, number>> };

/** This process's end of the line to a child that runs `child.ts`. */
export type ChildLink = {
  /** Messages are structured clones. To a child that has ended they go nowhere. */
  post(message: ToChild): void;
  onMessage(listener: (message: FromChild) => void): void;
  /** Called once, also where the child could not be started. `reason` is what is known about why. */
  onExit(listener: (reason: string) => void): void;
  /** Ends the process at once. May be called when it has ended already. */
  kill(): void;
  /** While not held, the child does not keep this process alive. */
  hold(held: boolean): void;
};
export type StartChild = () => ChildLink;
