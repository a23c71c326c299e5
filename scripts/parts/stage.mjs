// Runs one command as a stage: quiet while it goes well, its output when it fails, and a sign of life when it takes long.
import { spawn } from 'node:child_process';
import { environment, root } from './place.mjs';

/**
 * @typedef {{ name: string, command: string, args: string[], env?: object, limit?: number, live?: (output: string) => string, brief?: (output: string) => string }} Stage
 * `limit` is in seconds, 600 if left out; `live` turns the output so far into what the sign of life says, `brief` the whole output into the end of the stage's line.
 */

/** Never rejects; `code` is null when the command could not be started or ran into its limit. */
async function runStage(stage, say) {
  const startedAt = Date.now();
  const seconds = () => (Date.now() - startedAt) / 1000;
  const limit = stage.limit ?? 600;
  const child = spawn(stage.command, stage.args, { cwd: root, env: environment(stage.env), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const pulse = setInterval(() => say(`  … ${stage.name}, ${seconds().toFixed(0)} s${stage.live === undefined ? '' : stage.live(output)}`), 15_000);
  const alarm = setTimeout(() => {
    output += `\nStopped after ${limit} s.`;
    child.kill('SIGKILL');
  }, limit * 1000);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(null);
    });
    child.on('close', resolve);
  });
  clearInterval(pulse);
  clearTimeout(alarm);
  return { name: stage.name, ok: code === 0, code, seconds: seconds(), output };
}

/** Runs a stage and prints its line, and under it the output of one that failed. Never rejects. */
export async function showStage(stage, say = console.log) {
  const result = await runStage(stage, say);
  const brief = stage.brief?.(result.output) ?? '';
  say(`${result.ok ? '✓' : '✗'} ${result.name.padEnd(20)} ${result.seconds.toFixed(1).padStart(5)} s  ${brief}`.trimEnd());
  if (!result.ok) say(result.output.trimEnd().replace(/^/gm, '    '));
  return result;
}
