// `npm run check`: the whole truth about the sources. Types, lint and formatting, house rules, unused code, unit tests. One line a stage.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache, ourNode, root, runMain, tool } from './parts/place.mjs';
import { runStage } from './parts/stage.mjs';
import { setUp } from './setup.mjs';

const unitReport = join(cache, 'unit-tests.json');

/** Runs all stages, the unit tests beside the rest; prints a line each. `counts` are the unit tests', `leftOut` names those skipped. Never rejects. */
export async function check(say = console.log) {
  rmSync(unitReport, { force: true });
  const startedAt = Date.now();
  const show = (result) => report(result, say);
  const [still, tests] = await Promise.all([runInTurn(stillStages(), show), runInTurn([unitStage()], show)]);
  const ok = [...still, ...tests].every((result) => result.ok);
  say(`${ok ? 'All checks passed' : 'Some checks failed'} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
  return { ok, counts: readCounts(), leftOut: readSkipped() };
}

/** What looks at the sources without running them. */
function stillStages() {
  const node = ourNode();
  return [
    { name: 'types', command: node, args: [tool('typescript/bin/tsc'), '-b'] },
    {
      name: 'lint and formatting',
      command: node,
      args: [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '--colors=off', '--max-diagnostics=50'],
    },
    { name: 'house rules', command: node, args: [join(root, 'scripts', 'house.ts')], brief: (output) => output.trim().split('\n').at(-1) },
    { name: 'lock file', command: node, args: [join(root, 'scripts', 'lock.mjs'), '--check'] },
    { name: 'unused code', command: node, args: [tool('knip/bin/knip.js'), '--no-progress'] },
  ];
}

function unitStage() {
  const args = [tool('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`];
  return { name: 'unit tests', command: ourNode(), args, env: { NO_COLOR: '1' }, brief: () => describe(readCounts()), live: countLive };
}

async function runInTurn(stages, show) {
  const results = [];
  for (const stage of stages) {
    const result = { ...(await runStage(stage)), brief: stage.brief };
    show(result);
    results.push(result);
  }
  return results;
}

function report(result, say) {
  const brief = result.brief?.(result.output) ?? '';
  say(`${result.ok ? '✓' : '✗'} ${result.name.padEnd(20)} ${result.seconds.toFixed(1).padStart(5)} s  ${brief}`.trimEnd());
  if (!result.ok) say(result.output.trimEnd().replace(/^/gm, '    '));
}

/** `null` where the tests did not get as far as a report. */
function readReport() {
  return existsSync(unitReport) ? JSON.parse(readFileSync(unitReport, 'utf8')) : null;
}

function readCounts() {
  const report = readReport();
  if (report === null) return null;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites, success } = report;
  // A file that can't even be loaded counts no test; it must still count as a failure.
  const failed = numFailedTests === 0 && !success ? Math.max(1, numFailedTestSuites) : numFailedTests;
  return { passed: numPassedTests, failed, skipped: numPendingTests + (numTodoTests ?? 0) };
}

function readSkipped() {
  const tests = (readReport()?.testResults ?? []).flatMap((file) => file.assertionResults);
  return tests.filter((test) => ['skipped', 'pending', 'todo'].includes(test.status)).map((test) => test.fullName);
}

function describe(counts) {
  return counts === null ? 'no report' : `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

function countLive(output) {
  return `: ${(output.match(/✓/g) ?? []).length} test files passed so far`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await setUp();
    return (await check()).ok ? 0 : 1;
  });
}
