// The line between the main process and whoever holds Chromium: calls in both directions, answered by value or by error.

/** What the owner of Chromium does for the main process. */
export type BrowserCalls = {
  openWindow(window: number, options: WindowShape): void;
  load(window: number, url: string): void;
  reload(window: number): void;
  /** Answers once the page is gone. */
  closeWindow(window: number): void;
  /** To `ipcRenderer.on` in the preload of that window. */
  send(window: number, channel: string, args: readonly unknown[]): void;
  evaluate(window: number, code: string): unknown;
  bringToFront(window: number): void;
  emulateTheme(theme: 'system' | 'light' | 'dark'): void;
};

/** What the main process does for the owner of Chromium. */
export type MainCalls = {
  invoke(window: number, url: string, channel: string, args: readonly unknown[]): unknown;
  message(window: number, url: string, channel: string, args: readonly unknown[]): void;
  /** A page asks for an address: an answer of main's own, leave to go on, or refusal. */
  fetch(window: number, request: PageRequest): PageResponse | 'continue' | 'refuse';
  /** The page wants to go elsewhere by itself; false where main prevents it. */
  mayNavigate(window: number, url: string, isMainFrame: boolean): boolean;
  mayOpen(window: number, url: string): boolean;
  /** `did-start-loading`, `dom-ready`, `did-finish-load`, `ready-to-show`, `focus`, `blur`. */
  happened(window: number, event: string): void;
  /** The person or a test closed the window. */
  closed(window: number): void;
  permission(window: number, name: string): boolean;
  /** Runs a function's source with Electron's modules, as Playwright does in real Electron. */
  evaluate(source: string, argument: unknown): unknown;
};

export type WindowShape = { readonly width: number; readonly height: number; readonly preload: string | null; readonly title: string };
export type PageRequest = {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  readonly type: string;
};
export type PageResponse = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array };

type Calls = { readonly [name: string]: (...args: never[]) => unknown };
type Answered<C extends Calls> = { readonly [N in keyof C]: (...args: Parameters<C[N]>) => Promise<Awaited<ReturnType<C[N]>>> };
type Handling<C extends Calls> = { readonly [N in keyof C]: (...args: Parameters<C[N]>) => ReturnType<C[N]> | Promise<ReturnType<C[N]>> };
export type Caller<C extends Calls> = Answered<C>;
export type Callee<C extends Calls> = Handling<C>;

/** One end of a process channel. */
export type Port = { send(message: unknown): void; onMessage(listener: (message: unknown) => void): void; onClose(listener: () => void): void };
type Line =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly args: readonly never[] }
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly message: string };

/** Calls are sent in order and may be answered out of order. When the other end is gone, every open call rejects. */
export function connect<Theirs extends Calls, Ours extends Calls>(port: Port, ours: () => Callee<Ours>): Caller<Theirs> {
  const open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  let gone = false;
  const respond = async (id: number, name: string, args: readonly never[]): Promise<void> => {
    try {
      const handler = ours()[name];
      if (handler === undefined) throw new Error(`the stand-in has no call named ${name}`);
      const value = await handler(...(args as Parameters<Ours[string]>));
      if (!gone) port.send({ type: 'value', id, value } satisfies Line);
    } catch (error) {
      if (!gone) port.send({ type: 'error', id, message: error instanceof Error ? error.message : String(error) } satisfies Line);
    }
  };
  port.onMessage((message) => {
    const line = message as Line;
    if (line.type === 'call') return void respond(line.id, line.name, line.args);
    const call = open.get(line.id);
    open.delete(line.id);
    if (line.type === 'value') call?.resolve(line.value);
    else call?.reject(new Error(line.message));
  });
  port.onClose(() => {
    gone = true;
    for (const call of open.values()) call.reject(new Error('the other process has ended'));
    open.clear();
  });
  const call = (name: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(new Error('the other process has ended'));
      last += 1;
      open.set(last, { resolve, reject });
      port.send({ type: 'call', id: last, name, args });
    });
  return new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : (...args: readonly unknown[]) => call(String(name), args)) }) as Caller<Theirs>;
}
