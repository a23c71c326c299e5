// Loads a model with node-llama-cpp and holds its two sequences. Only this folder knows the library, and it is imported on first use.
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type ChatWrapper, getLlama, InsufficientMemoryError, type Llama, LlamaLogLevel, type LlamaModel, resolveChatWrapper } from 'node-llama-cpp';
import { backgroundSequences, type EngineLane, type Gpu, type Loaded, type LoadRequest } from '../engine.ts';
import { createTokenText } from './align.ts';
import { createGate, createTurn, type Turn } from './lane.ts';
import { createMarks } from './marks.ts';
import { createSlot } from './slot.ts';
import { identify, loadState, saveState } from './state.ts';

export type Opened = Awaited<ReturnType<typeof assemble>>;

/** Below this size one thread is faster: more only wait for each other. Bytes. */
const tinyModel = 100e6;
/** What the engine chooses at most by itself; larger contexts cost memory that few conversations need. Tokens. */
const chosenContext = 32_768;
/** What should fit on the GPU beside the model, and what a context can not be smaller than. Tokens. */
const leastChosen = 8192;
const leastContext = 2048;
/** One for chat, one for everything else. */
const sequences = 1 + backgroundSequences;

/** A started backend, and what native code has said on it. It outlives its models: starting one anew takes long and loses its log. */
type Backend = { readonly llama: Llama; readonly said: string[] };

export type Opener = ReturnType<typeof createOpener>;

export function createOpener() {
  const backends = new Map<Gpu, Promise<Backend>>();
  const backend = (gpu: Gpu): Promise<Backend> => {
    const found = backends.get(gpu) ?? startBackend(gpu);
    backends.set(gpu, found);
    return found;
  };
  return {
    /** Throws whatever the library throws if the model can't be loaded on the CPU either. */
    async open(request: LoadRequest, onProgress: (progress: number) => void, signal: AbortSignal | undefined): Promise<Opened> {
      try {
        return await openOn(await backend(request.gpu), request, onProgress, signal);
      } catch (error) {
        if (signal?.aborted === true || request.gpu === 'off') throw error;
        const wanted = await backend(request.gpu).catch(() => null);
        if (wanted?.llama.gpu === false) throw error;
        // A missing or broken backend must not keep the person from working: the CPU can do it too.
        return await openOn(await backend('off'), request, onProgress, signal);
      }
    },
    /** Frees the backends; the models must have been closed. */
    async close(): Promise<void> {
      const started = await Promise.allSettled(backends.values());
      backends.clear();
      for (const each of started) if (each.status === 'fulfilled') await each.value.llama.dispose();
    },
  };
}

async function startBackend(gpu: Gpu): Promise<Backend> {
  const said: string[] = [];
  const logger = (_: LlamaLogLevel, message: string): void => void said.push(message.trim());
  return { said, llama: await getLlama({ gpu: gpu === 'off' ? false : gpu, build: 'never', skipDownload: true, logLevel: LlamaLogLevel.error, logger }) };
}

async function openOn(
  { llama, said }: Backend,
  request: LoadRequest,
  onProgress: (progress: number) => void,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  said.length = 0;
  let model: LlamaModel | null = null;
  try {
    model = await llama.loadModel({
      modelPath: request.file,
      gpuLayers: { fitContext: { contextSize: sequences * (request.contextTokens > 0 ? request.contextTokens : leastChosen) } },
      onLoadProgress: onProgress,
      ...(signal === undefined ? {} : { loadSignal: signal }),
    });
    return await assemble(llama, model, request, signal);
  } catch (error) {
    await model?.dispose();
    throw explained(error, said);
  }
}

async function assemble(llama: Llama, model: LlamaModel, request: LoadRequest, signal: AbortSignal | undefined) {
  const threads =
    request.threads > 0 ? request.threads : (await stat(request.file)).size < tinyModel ? 1 : Math.min(llama.cpuMathCores, availableParallelism());
  const most = Math.min(model.trainContextSize, request.contextTokens > 0 ? request.contextTokens : chosenContext);
  const context = await model.createContext({
    sequences,
    // Rather a smaller context than none, or than the processor instead of the GPU.
    contextSize: { min: Math.min(leastContext, most), max: most },
    threads,
    ...(signal === undefined ? {} : { createSignal: signal }),
  });
  const base = resolveChatWrapper(model);
  const marks = createMarks(model, `${model.fileInfo.metadata.tokenizer.chat_template ?? ''}${markersOf(base)}`);
  const gate = createGate();
  const shared = { model, base, marks, textOf: createTokenText(model) };
  const background = createSlot({ ...shared, sequence: context.getSequence(), priority: 1, gate });
  const turn = createTurn();
  const slots = { chat: createSlot({ ...shared, sequence: context.getSequence(), priority: 5, gate: null }), waiting: background, background };
  const contextTokens = slots.chat.sequence.contextSize;
  const owner = { model: await identify(request.file), contextTokens };
  const loaded: Loaded = {
    contextTokens,
    trainContextTokens: model.trainContextSize,
    gpu: llama.gpu === false ? 'off' : llama.gpu,
    gpuLayers: model.gpuLayers,
    threads: context.idealThreads,
  };
  return {
    loaded,
    marks,
    slots,
    turns: { chat: createTurn(), waiting: ((work, signal) => turn(work, signal, true)) as Turn, background: turn },
    gate,
    saveState: (lane: EngineLane, file: string) => saveState(slots[lane], file, owner),
    loadState: (lane: EngineLane, file: string) => loadState(slots[lane], file, owner),
    close: () => model.dispose(),
  };
}

/** The library's error says only that loading failed; why is in what native code said meanwhile. */
function explained(error: unknown, said: readonly string[]): unknown {
  const marker = 'error loading model: ';
  const line = said.find((each) => each.includes(marker)) ?? said.find((each) => each.includes('allocate'));
  if (line === undefined || error instanceof InsufficientMemoryError) return error;
  return new Error(line.slice(line.includes(marker) ? line.indexOf(marker) + marker.length : 0), { cause: error });
}

/** What the library's own templates speak besides the model's. */
function markersOf(base: ChatWrapper): string {
  return JSON.stringify(base.settings).replaceAll('\\n', '\n').replaceAll('\\"', '"');
}
