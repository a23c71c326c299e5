// `npm test`: sets up what is missing, runs the checks with the unit tests, the crash walk, the attempts to escape from the sandbox, and the stories on the built app; counts all tests.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { cache, ourNode, root, runMain, tool } from './parts/place.mjs';
import { showStage } from './parts/stage.mjs';
import { readCounts, readSkipped, vitestStage } from './parts/vitest.mjs';
import { setUp } from './setup.mjs';

const config = join(root, 'e2e', 'playwright.config.ts');
const storyReport = join(cache, 'stories.json');
const none = { passed: 0, failed: 0, skipped: 0 };

await runMain(async () => {
  console.log(`Testing Nacre on ${process.platform} ${process.arch}, Node ${process.versions.node}.`);
  await setUp();
  console.log('Checks and unit tests:');
  const checked = await check();
  console.log('Crash walk (the process is killed at every write and effect, and started again; random histories; loss of power):');
  const walked = await runProject('crash walk', 'crash');
  console.log('Escapes (commands that try to get out of the sandbox):');
  const escaped = await runProject('escapes', 'escape');
  console.log('Stories (the built app, as a person meets it):');
  const told = await tellStories();
  const parts = [checked, walked, escaped, told];
  for (const reason of parts.flatMap((part) => part.leftOut)) console.log(`left out: ${reason}`);
  const total = parts.map((part) => part.counts ?? none).reduce(add);
  console.log(`total: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return parts.every((part) => part.ok) && total.failed === 0 ? 0 : 1;
});

async function runProject(name, project) {
  const { ok } = await showStage(vitestStage(name, project, 1800));
  return { ok, counts: readCounts(project), leftOut: readSkipped(project) };
}

async function tellStories() {
  const built = await showStage({ name: 'build', command: ourNode(), args: [join(root, 'scripts', 'build.mjs')] });
  if (!built.ok) return { ok: false, counts: none, leftOut: ['the stories: the app could not be built'] };
  rmSync(storyReport, { force: true });
  const args = [tool('playwright/cli.js'), 'test', '-c', config, '--reporter=list,json'];
  const brief = () => (existsSync(storyReport) ? '' : 'no report');
  const ran = await showStage({
    name: 'stories',
    command: ourNode(),
    args,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: storyReport, FORCE_COLOR: '0' },
    limit: 900,
    live: lastStory,
    brief,
  });
  const host = ran.output.split('\n').find((line) => line.startsWith('Host: ')) ?? 'Host: none was started';
  console.log(host);
  const unseen = host.includes('stand-in') ? ['Electron itself: its binary is not here, so the stories ran on the stand-in'] : [];
  const { counts, leftOut } = readStories(ran.ok);
  return { ok: ran.ok, counts, leftOut: [...unseen, ...leftOut] };
}

function lastStory(output) {
  return `: ${
    output
      .split('\n')
      .findLast((line) => /^\s*[✓✘-]/.test(line))
      ?.trim() ?? 'starting'
  }`;
}

/** A story that passed only when it was tried again counts as passed, and is named. */
function readStories(ok) {
  if (!existsSync(storyReport)) return { counts: { ...none, failed: ok ? 0 : 1 }, leftOut: [] };
  const { stats, suites, errors } = JSON.parse(readFileSync(storyReport, 'utf8'));
  const failed = stats.unexpected + (stats.unexpected === 0 ? errors.length : 0);
  if (stats.flaky > 0) console.log(`${stats.flaky} passed only at the second try.`);
  return { counts: { passed: stats.expected + stats.flaky, failed, skipped: stats.skipped }, leftOut: suites.flatMap(listSkipped) };
}

function listSkipped(suite) {
  const own = (suite.specs ?? []).flatMap((spec) => spec.tests.filter((test) => test.status === 'skipped').map((test) => nameSkipped(spec, test)));
  return [...own, ...(suite.suites ?? []).flatMap(listSkipped)];
}

function nameSkipped(spec, test) {
  const reason = test.annotations.find((note) => note.type === 'skip' || note.type === 'fixme')?.description;
  return `${spec.title}${reason === undefined ? '' : ` (${reason})`}`;
}

function add(left, right) {
  return { passed: left.passed + right.passed, failed: left.failed + right.failed, skipped: left.skipped + right.skipped };
}
