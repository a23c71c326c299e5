// What the two sides of a supervised engine say to each other, and the line between them.
import type { Engine, Piece } from './engine.ts';

export type Method = keyof Engine;
/** What a method is given, up to what can't be sent: who hears its news, and its signal. */
export type Values<M extends Method> = Sendable<Required<Parameters<Engine[M]>>>;
type Sendable<P extends readonly unknown[]> = P extends [infer First, ...infer Rest]
  ? First extends AbortSignal | ((...news: never) => void)
    ? []
    : [First, ...Sendable<Rest>]
  : [];

export type Request = { readonly type: 'request'; readonly id: number; readonly method: Method; readonly values: readonly unknown[] };
export type ToChild = Request | { readonly type: 'abort'; readonly id: number };
export type FromChild =
  | { readonly type: 'news'; readonly id: number; readonly value: number | Piece }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
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
