// The entry of the process that runs the engine: a plain child under Node, a utility process under Electron.
import { type Engine, EngineError } from './engine.ts';
import { createFrames } from './frames.ts';
import type { AnyRequest, FromChild, Methods, ToChild } from './link.ts';
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
  const answer = async (request: AnyRequest): Promise<void> => {
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

async function perform(
  engine: Engine,
  request: AnyRequest,
  news: (value: Methods['load' | 'generate']['news']) => void,
  signal: AbortSignal,
): Promise<Methods[keyof Methods]['output']> {
  switch (request.method) {
    case 'load':
      return engine.load(request.input, news, signal);
    case 'count':
      return engine.count(request.input.file, request.input.texts);
    case 'prefill':
      return engine.prefill(request.input, signal);
    case 'generate': {
      const frames = createFrames(news);
      return await engine.generate(request.input, frames.push, signal).finally(frames.flush);
    }
    case 'saveState':
      return engine.saveState(request.input.lane, request.input.file);
    case 'loadState':
      return engine.loadState(request.input.lane, request.input.file);
    case 'unload':
      await engine.unload(request.input);
      return null;
    case 'close':
      await engine.close();
      return null;
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
