// A model that runs on this computer, over the engine: loads it on first use, turns its pieces into events and its errors into faults.
import { basename } from 'node:path';
import { type Engine, EngineError, type GenerateRequest, type Gpu, type Loaded, type Piece } from '../../local-models/engine.ts';
import { type GgufFacts, type GgufRefusal, readGguf } from '../../local-models/gguf.ts';
import { type Fault, type FaultCode, FaultError, fault, faultOf } from '../contract/fault.ts';
import type { Profile, PromptTier } from '../contract/model.ts';
import type { Phase } from '../contract/run.ts';
import type { Model, ModelEvent, ModelRequest } from './model.ts';
import { createStarter, type StarterParts, starterName } from './starter/starter.ts';

export type LocalModelOptions = {
  readonly profile: Profile;
  /** Absolute path of the GGUF file. */
  readonly file: string;
  /** Shared by all local models; whoever made it closes it. */
  readonly engine: Engine;
  readonly gpu: Gpu;
  /** Tokens of context; 0 lets the engine choose. */
  readonly contextTokens: number;
};

type Attempt = <T>(work: () => Promise<T>, onProgress?: (progress: number) => void, signal?: AbortSignal) => Promise<T>;

/** What the engine takes at most when the person leaves the size of the context to it. */
const chosenContext = 32_768;
/** Models sold as "4B" have up to this many parameters. */
const smallParameters = 4.6e9;
const largeParameters = 3e10;
/** How often a request may find another model in its place. */
const mostLoads = 3;

/** What a file is. Throws a FaultError where it can't be used. */
export async function usableFile(path: string): Promise<GgufFacts> {
  const found = await readGguf(path);
  if (!found.ok) throw new FaultError(refusalOf(path, found));
  return { ...found, name: found.name || basename(path, '.gguf') };
}

const refusals: Readonly<Record<GgufRefusal['kind'], FaultCode>> = {
  missing: 'model.file-missing',
  'not-a-file': 'model.file-not-a-file',
  unreadable: 'model.file-unreadable',
  'wrong-magic': 'model.not-gguf',
  'cut-off': 'model.file-cut-off',
  other: 'model.file-not-language',
  damaged: 'model.file-damaged',
};

function refusalOf(path: string, { kind, reason, bytes }: GgufRefusal): Fault {
  return fault(refusals[kind], { path, bytes, detail: reason, reason: /\((\w+)\)$/.exec(reason)?.[1] ?? reason });
}

/** `contextTokens` is the person's setting; 0 leaves it to the engine. */
export function localProfile(id: string, name: string, facts: GgufFacts, contextTokens: number): Profile {
  const context = Math.min(facts.contextTokens, contextTokens > 0 ? contextTokens : chosenContext);
  return { id, name, where: 'local', contextTokens: context, tier: tierOf(facts.parameters, context) };
}

type LocalEntry = Pick<LocalModelOptions, 'engine' | 'gpu' | 'contextTokens'> & Readonly<{ id: string; name: string; path: string; starter: StarterParts }>;

/** As its file says it is. Throws a FaultError where that can't be used. */
export async function openLocalModel({ id, name, path, engine, gpu, contextTokens, starter }: LocalEntry): Promise<Model> {
  const facts = await usableFile(path);
  const model = createLocalModel({ profile: localProfile(id, name, facts, contextTokens), file: path, engine, gpu, contextTokens });
  return facts.name === starterName ? createStarter(model, starter) : model;
}

export function createLocalModel(options: LocalModelOptions): Model {
  const { engine, file } = options;
  let profile = options.profile;
  const withModel = createLoader(options, (loaded) => {
    // With little memory the engine may have chosen a smaller context than hoped for.
    profile = { ...profile, contextTokens: loaded.contextTokens };
  });
  // The engine died where nobody could be told; the next reply says so.
  let died = false;

  const run = async (request: ModelRequest, signal: AbortSignal, push: (event: ModelEvent) => void): Promise<void> => {
    if (died) {
      died = false;
      return push({ type: 'fault', fault: toFault(new EngineError('engine-died', ''), profile.name, file) });
    }
    // Others may be before it in its lane.
    push({ type: 'phase', phase: { type: 'queued' } });
    try {
      const onProgress = (progress: number) => push({ type: 'phase', phase: { type: 'loading', progress } });
      const reply = await withModel(() => engine.generate(toEngine(file, request), onPiece(push), signal), onProgress, signal);
      if (!signal.aborted) push({ type: 'end', ...reply, usage: { model: profile.id, where: 'local', ...reply.usage } });
    } catch (error) {
      if (!signal.aborted) push({ type: 'fault', fault: await explain(error, profile.name, file) });
    }
  };

  return {
    get profile() {
      return profile;
    },
    generate: (request, signal) => inOrder((push, until) => run(request, until, push), signal),
    async countTokens(texts, watch) {
      try {
        return await withModel(
          () => engine.count(file, texts),
          (progress) => watch?.onPhase({ type: 'loading', progress }),
          watch?.signal,
        );
      } catch (error) {
        died ||= error instanceof EngineError && error.code === 'engine-died';
        // Without the model nobody knows; the next reply will say why it is missing.
        return texts.map((text) => Math.ceil(Buffer.byteLength(text) / 2));
      }
    },
    async prefill({ system, tools }) {
      try {
        await withModel(() => engine.prefill({ file, lane: 'chat', system, tools }));
      } catch (error) {
        // Only a head start is lost; the next reply will say what is wrong.
        if (!(error instanceof EngineError)) throw error;
      }
    },
    async close() {
      await engine.unload(file).catch((error: unknown) => {
        // A dead or closed engine holds nothing any more.
        if (!(error instanceof EngineError)) throw error;
      });
    },
  };
}

/** Runs work with the model loaded. Another one may be loaded between the two steps; then this one is loaded again. */
function createLoader({ engine, file, gpu, contextTokens }: LocalModelOptions, onLoaded: (loaded: Loaded) => void): Attempt {
  return async (work, onProgress = () => undefined, signal) => {
    for (let tries = 1; ; tries++) {
      onLoaded(await engine.load({ file, gpu, contextTokens, threads: 0 }, onProgress, signal));
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof EngineError) || error.code !== 'not-loaded' || tries === mostLoads) throw error;
      }
    }
  };
}

function tierOf(parameters: number, contextTokens: number): PromptTier {
  if (parameters <= smallParameters || contextTokens <= 8192) return 'small';
  return parameters >= largeParameters ? 'large' : 'standard';
}

function toEngine(file: string, { sequence: _, purpose: __, messages: said, ...request }: ModelRequest): GenerateRequest {
  const messages = said.map((message) => (message.role === 'tool' ? { role: message.role, call: message.call, text: message.text } : message));
  return { ...request, file, messages };
}

function onPiece(push: (event: ModelEvent) => void): (piece: Piece) => void {
  let last: Phase['type'] = 'queued';
  return (piece) => {
    const next: Phase = piece.type === 'reading' ? piece : { type: piece.type === 'thought' ? 'thinking' : 'writing' };
    if (next.type !== last) push({ type: 'phase', phase: next });
    last = next.type;
    if (piece.type === 'text' || piece.type === 'thought') push(piece);
  };
}

/** What `work` pushes, as a stream that ends with it; a reader who stops early stops the work. `work` never rejects. */
function inOrder<T>(work: (push: (item: T) => void, signal: AbortSignal) => Promise<void>, signal: AbortSignal): AsyncIterable<T> {
  const left = new AbortController();
  return new ReadableStream<T>({
    start: (reader) => {
      const push = (item: T): void => (left.signal.aborted ? undefined : reader.enqueue(item));
      void work(push, AbortSignal.any([signal, left.signal])).finally(() => left.signal.aborted || reader.close());
    },
    cancel: () => left.abort(),
  });
}

/** The engine refuses a file with a clause; what is wrong with it is looked up for the person. */
async function explain(error: unknown, name: string, path: string): Promise<Fault> {
  const found = error instanceof EngineError && error.code === 'not-gguf' ? await readGguf(path) : null;
  return found?.ok === false ? refusalOf(path, found) : toFault(error, name, path);
}

function toFault(error: unknown, name: string, path: string): Fault {
  if (!(error instanceof EngineError)) return faultOf(error);
  switch (error.code) {
    case 'engine-died':
      return fault('model.engine-died', {}, { retry: true });
    case 'malformed-call':
      return fault('model.malformed-calls', {}, { retry: true });
    case 'out-of-memory':
      return fault('model.out-of-memory', { name });
    case 'context-full':
      return fault('model.context-full', error.values);
    case 'gone':
      return fault('model.gone', { name, path });
    case 'load-failed':
    case 'not-gguf':
      return fault('model.load-failed', { name, reason: error.message });
    default:
      return fault('app.defect', { detail: error.message });
  }
}
