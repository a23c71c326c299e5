// Counts tokens as a real small model would: with the Qwen2 vocabulary that lies in llama.cpp's own sources, which node-llama-cpp brings along.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

const root = join(import.meta.dirname, '..', '..', '..');
const bundle = join(root, 'node_modules', 'node-llama-cpp', 'llama', 'gitRelease.bundle');
const vocabulary = join(root, '.cache', 'bench', 'ggml-vocab-qwen2.gguf');

/** The tokens of each text; null where there is no git to unpack the vocabulary with. */
export async function countTokens(texts: readonly string[]): Promise<readonly number[] | null> {
  if (!existsSync(vocabulary) && !unpack()) return null;
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.disabled });
  const model = await llama.loadModel({ modelPath: vocabulary, vocabOnly: true });
  const counts = texts.map((text) => model.tokenize(text).length);
  await llama.dispose();
  return counts;
}

function unpack(): boolean {
  const folder = `${vocabulary}.git`;
  try {
    mkdirSync(dirname(vocabulary), { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    execFileSync('git', ['clone', '-q', '--bare', bundle, folder], { stdio: 'ignore' });
    writeFileSync(`${vocabulary}.part`, execFileSync('git', ['-C', folder, 'show', 'HEAD:models/ggml-vocab-qwen2.gguf'], { maxBuffer: 50_000_000 }));
    renameSync(`${vocabulary}.part`, vocabulary);
    rmSync(folder, { recursive: true });
    return true;
  } catch (error) {
    console.error(`first-prompt-tokens: no real tokenizer (${error instanceof Error ? error.message : String(error)})`);
    return false;
  }
}
