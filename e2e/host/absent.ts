// Makes what the stand-in does not have visible: using it throws an error with its name instead of quietly being undefined.

/** Symbols, and names that JavaScript itself looks for on any object. */
const looked = ['then', 'toJSON', 'constructor', 'prototype', 'inspect', 'nodeType', 'asymmetricMatch'];

export function onlyKnown<T extends object>(name: string, object: T): T {
  return new Proxy(object, {
    get(target, property, receiver) {
      if (property in target || typeof property === 'symbol' || looked.includes(property)) return Reflect.get(target, property, receiver);
      throw new Error(`${name}.${property} is not implemented by the stand-in for Electron`);
    },
  });
}

/** Electron's events: an object whose `preventDefault` the sender looks at afterwards. */
export type StandInEvent = { defaultPrevented: boolean; preventDefault(): void };

export function createEvent<T extends object>(fields: T): StandInEvent & T {
  const event = {
    ...fields,
    defaultPrevented: false,
    preventDefault: () => {
      event.defaultPrevented = true;
    },
  };
  return event;
}

/** For calls whose answer nobody waits for: the other end may be gone by now, which is told elsewhere. */
export function quiet(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
