// Runs one project of the Vitest configuration as a stage, and reads its report: how many tests, and which were left out.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, ourNode, tool } from './place.mjs';

/** A stage for `runStage`; its old report is removed. */
export function vitestStage(name, project, limit) {
  rmSync(reportPath(project), { force: true });
  const args = [tool('vitest/vitest.mjs'), 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath(project)}`];
  return { name, command: ourNode(), args, env: { NO_COLOR: '1' }, limit, brief: () => describe(readCounts(project)), live: countLive };
}

/** `null` where the tests did not get as far as a report. */
export function readCounts(project) {
  const report = readReport(project);
  if (report === null) return null;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites, success } = report;
  // A file that can't even be loaded counts no test; it must still count as a failure.
  const failed = numFailedTests === 0 && !success ? Math.max(1, numFailedTestSuites) : numFailedTests;
  return { passed: numPassedTests, failed, skipped: numPendingTests + (numTodoTests ?? 0) };
}

export function readSkipped(project) {
  const tests = (readReport(project)?.testResults ?? []).flatMap((file) => file.assertionResults);
  return tests.filter((test) => ['skipped', 'pending', 'todo'].includes(test.status)).map((test) => test.fullName);
}

function readReport(project) {
  return existsSync(reportPath(project)) ? JSON.parse(readFileSync(reportPath(project), 'utf8')) : null;
}

function reportPath(project) {
  return join(cache, `${project}-tests.json`);
}

function describe(counts) {
  return counts === null ? 'no report' : `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

function countLive(output) {
  return `: ${(output.match(/✓/g) ?? []).length} files or slow tests passed so far`;
}
