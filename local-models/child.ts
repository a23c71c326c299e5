// The entry of the process that runs the engine: a plain child under Node, a utility process under Electron.
import { type Engine, EngineError, type Piece } from './engine.ts';
import { createFrames } from './frames.ts';
import type { FromChild, Request, ToChild } from './link.ts';
import { createEngine } from './llama.ts';

/** Electron's line to the parent, as far as it is used here. */
type ParentPort = { on(name: 'message', listener: (event: { data: ToChild }) => void): void; postMessage(message: FromChild): void };

// The library tests its binary in a process of its own; inside Electron that process must behave as Node.
process.env['ELECTRON_RUN_AS_NODE'] = '1';
serve(createEngine());

function serve(engine: Engine): void {
  const running = new Map<number, AbortController>();
  const post = connect((message) => {
    if (message.type === 'abort') running.get(message.id)?.abort();
    else void answer(message);
  });
  const answer = async (request: Request): Promise<void> => {
    const { id } = request;
    const controller = new AbortController();
    running.set(id, controller);
    try {
      post({ type: 'done', id, value: await perform(engine, request, (value) => post({ type: 'news', id, value }), controller.signal) });
    } catch (error) {
      const known = error instanceof EngineError ? error : new EngineError('failed', error instanceof Error ? error.message : String(error));
      post({ type: 'failed', id, code: known.code, message: known.message, values: known.values });
    } finally {
      running.delete(id);
    }
  };
}

/** The listener for news, where a method has one, and the signal stand behind what was sent. */
async function perform(engine: Engine, { method, values }: Request, news: (value: number | Piece) => void, signal: AbortSignal): Promise<unknown> {
  const frames = createFrames(news);
  const listener = method === 'load' ? [news] : method === 'generate' ? [frames.push] : [];
  try {
    return await Reflect.apply(engine[method], engine, [...values, ...listener, signal]);
  } finally {
    frames.flush();
  }
}

/** Listens to the parent and returns how to answer; the process ends when the parent is gone. */
function connect(listener: (message: ToChild) => void): (message: FromChild) => void {
  const port: ParentPort | undefined = Reflect.get(process, 'parentPort');
  if (port !== undefined) {
    port.on('message', (event) => listener(event.data));
    return (message) => port.postMessage(message);
  }
  process.on('message', (message: ToChild) => listener(message));
  process.on('disconnect', () => process.exit());
  return (message) => process.send?.(message);
}
