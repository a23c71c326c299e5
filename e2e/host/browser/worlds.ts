// The two scripts that run inside a page: the preload's isolated world, and the page's own end of the context bridge.
// Each is self-contained, because only its source reaches the page. They meet through events of the window whose name is a secret.
import type { Clone } from '../clone.ts';

type Shape = { readonly call: number } | { readonly fields: Readonly<Record<string, Shape>> } | { readonly value: string };
type Passed = { readonly callback: number } | { readonly value: string };
type Answer =
  | { readonly type: 'value'; readonly value: string }
  | { readonly type: 'call'; readonly call: number }
  | { readonly type: 'promise' }
  | { readonly type: 'error'; readonly message: string };
type Live = (...args: unknown[]) => unknown;

/** In the page's world: builds what the preload exposes, out of nothing but numbers and cloned values. */
export function pageWorld(secret: string, clone: Clone): void {
  const callbacks = new Map<number, Live>();
  const numbers = new Map<Live, number>();
  const promises = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const answers = new Map<number, Answer>();
  let calls = 0;
  const hear = <T>(name: string, listener: (message: T) => void): void =>
    window.addEventListener(`${secret}:${name}`, (event) => listener(JSON.parse((event as CustomEvent<string>).detail)));
  const say = (name: string, message: object): boolean => window.dispatchEvent(new CustomEvent(`${secret}:${name}`, { detail: JSON.stringify(message) }));

  function numberOf(callback: Live): number {
    const number = numbers.get(callback) ?? numbers.size + 1;
    numbers.set(callback, number);
    callbacks.set(number, callback);
    return number;
  }
  function pass(value: unknown): Passed {
    return typeof value === 'function' ? { callback: numberOf(value as Live) } : { value: clone.encode(value) };
  }
  function build(shape: Shape): unknown {
    if ('value' in shape) return clone.decode(shape.value);
    if ('fields' in shape) return Object.freeze(Object.fromEntries(Object.entries(shape.fields).map(([key, each]) => [key, build(each)])));
    return (...args: unknown[]) => callPreload(shape.call, args);
  }
  function callPreload(target: number, args: readonly unknown[]): unknown {
    calls += 1;
    const call = calls;
    say('call', { call, target, args: args.map(pass) });
    const answer = answers.get(call);
    answers.delete(call);
    if (answer === undefined) throw new Error('the preload is gone');
    if (answer.type === 'error') throw new Error(answer.message);
    if (answer.type === 'promise') return new Promise((resolve, reject) => promises.set(call, { resolve, reject }));
    return build(answer);
  }

  hear<{ key: string; shape: Shape }>('expose', ({ key, shape }) => Object.defineProperty(window, key, { value: build(shape), enumerable: true }));
  hear<{ call: number; answer: Answer }>('answer', ({ call, answer }) => void answers.set(call, answer));
  hear<{ call: number; answer: Answer }>('settle', ({ call, answer }) => {
    const promise = promises.get(call);
    promises.delete(call);
    if (answer.type === 'error') promise?.reject(new Error(answer.message));
    else if (answer.type !== 'promise') promise?.resolve(build(answer));
  });
  hear<{ callback: number; args: readonly string[] }>('callback', ({ callback, args }) => callbacks.get(callback)?.(...args.map((each) => clone.decode(each))));
}

/** In the isolated world: Electron's `contextBridge`, the other end of `pageWorld`. */
export function bridgeWorld(secret: string, clone: Clone) {
  const calls: Live[] = [];
  const say = (name: string, message: object): boolean => window.dispatchEvent(new CustomEvent(`${secret}:${name}`, { detail: JSON.stringify(message) }));
  const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

  function shapeOf(value: unknown): Shape {
    if (typeof value === 'function') return { call: calls.push(value as Live) - 1 };
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return { value: clone.encode(value) };
    return { fields: Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)])) };
  }
  function answerOf(value: unknown): Answer {
    if (typeof value === 'function') return { type: 'call', call: calls.push(value as Live) - 1 };
    return { type: 'value', value: clone.encode(value) };
  }
  function take(passed: Passed): unknown {
    if ('value' in passed) return clone.decode(passed.value);
    return (...args: unknown[]) => void say('callback', { callback: passed.callback, args: args.map((each) => clone.encode(each)) });
  }
  function run(call: number, target: number, args: readonly Passed[]): Answer {
    try {
      const result = calls[target]?.(...args.map(take));
      if (!(result instanceof Promise)) return answerOf(result);
      result.then(
        (value) => say('settle', { call, answer: answerOf(value) }),
        (error: unknown) => say('settle', { call, answer: { type: 'error', message: textOf(error) } }),
      );
      return { type: 'promise' };
    } catch (error) {
      return { type: 'error', message: textOf(error) };
    }
  }
  window.addEventListener(`${secret}:call`, (event) => {
    const { call, target, args } = JSON.parse((event as CustomEvent<string>).detail) as { call: number; target: number; args: Passed[] };
    say('answer', { call, answer: run(call, target, args) });
  });
  return { exposeInMainWorld: (key: string, api: unknown) => void say('expose', { key, shape: shapeOf(api) }) };
}

/** In the isolated world: Electron's `ipcRenderer`, over the two functions by which the owner of Chromium is reached. */
export function ipcWorld(clone: Clone) {
  const listeners = new Map<string, Set<Live>>();
  const invokes = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let invoked = 0;
  const world = globalThis as unknown as { standInPost(text: string): void; standInDeliver(text: string): void };
  const post = (type: string, fields: object): void => world.standInPost(JSON.stringify({ type, ...fields }));

  for (const name of ['focus', 'blur']) window.addEventListener(name, (event) => event.target === window && post(name, {}));
  world.standInDeliver = (text) => {
    const message = JSON.parse(text) as { id?: number; channel?: string; error?: string; value: string };
    if (message.channel !== undefined) for (const listener of listeners.get(message.channel) ?? []) listener({}, ...(clone.decode(message.value) as unknown[]));
    if (message.id === undefined) return;
    const invoke = invokes.get(message.id);
    invokes.delete(message.id);
    if (message.error === undefined) invoke?.resolve(clone.decode(message.value));
    else invoke?.reject(new Error(message.error));
  };
  return {
    invoke: (channel: string, ...args: unknown[]) => {
      const value = clone.encode(args);
      invoked += 1;
      const settled = new Promise((resolve, reject) => invokes.set(invoked, { resolve, reject }));
      post('invoke', { id: invoked, channel, value });
      return settled;
    },
    send: (channel: string, ...args: unknown[]) => post('send', { channel, value: clone.encode(args) }),
    on: (channel: string, listener: Live) => void listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
    off: (channel: string, listener: Live) => void listeners.get(channel)?.delete(listener),
  };
}

/** What a sandboxed preload gets from `require`. */
export function requireWorld(electron: object): (name: string) => object {
  const known = (name: string, modules: object): object =>
    new Proxy(modules, {
      get: (target, property) => {
        if (property in target || typeof property === 'symbol') return Reflect.get(target, property);
        throw new Error(`${name}.${property} is not implemented by the stand-in for Electron`);
      },
    });
  const modules = Object.fromEntries(Object.entries(electron).map(([name, module]) => [name, known(name, module)]));
  return (name) => {
    if (name === 'electron') return known('electron', modules);
    throw new Error(`module not found: ${name}`);
  };
}
