// `npm test`: sets up what is missing, runs the checks with the unit tests, then the stories on the built app, and counts all tests.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { cache, ourNode, root, runMain, tool } from './parts/place.mjs';
import { lastLines, runStage } from './parts/stage.mjs';
import { setUp } from './setup.mjs';

const config = join(root, 'e2e', 'playwright.config.ts');
const storyReport = join(cache, 'stories.json');
const none = { passed: 0, failed: 0, skipped: 0 };

await runMain(async () => {
  console.log(`Testing Nacre on ${process.platform} ${process.arch}, Node ${process.versions.node}.`);
  await setUp();
  console.log('Checks and unit tests:');
  const checked = await check();
  console.log('Stories (the built app, as a person meets it):');
  const told = await tellStories();
  for (const reason of [...checked.leftOut, ...told.leftOut]) console.log(`left out: ${reason}`);
  const total = add(checked.counts ?? none, told.counts);
  console.log(`total: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return checked.ok && told.ok && total.failed === 0 ? 0 : 1;
});

async function tellStories() {
  if (!existsSync(config)) return { ok: true, counts: none, leftOut: ['the stories: e2e/playwright.config.ts is not there'] };
  const built = await stage({ name: 'build', command: ourNode(), args: [join(root, 'scripts', 'build.mjs')] });
  if (!built.ok) return { ok: false, counts: none, leftOut: ['the stories: the app could not be built'] };
  rmSync(storyReport, { force: true });
  const args = [tool('playwright/cli.js'), 'test', '-c', config, '--reporter=list,json'];
  const live = (output) => `: ${lastLines(output, 1).trim()}`;
  const ran = await stage({
    name: 'stories',
    command: ourNode(),
    args,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: storyReport, NO_COLOR: '1', FORCE_COLOR: '0' },
    limit: 900,
    live,
  });
  console.log(ran.output.split('\n').find((line) => line.startsWith('Host: ')) ?? 'Host: not started');
  return { ok: ran.ok, ...readStories(ran.ok) };
}

async function stage(wanted) {
  const result = await runStage(wanted);
  console.log(`${result.ok ? '✓' : '✗'} ${result.name.padEnd(20)} ${result.seconds.toFixed(1).padStart(5)} s`);
  if (!result.ok) console.log(result.output.trimEnd().replace(/^/gm, '    '));
  return result;
}

/** A story that passed only when it was tried again counts as passed, and is named. */
function readStories(ok) {
  if (!existsSync(storyReport)) return { counts: { ...none, failed: ok ? 0 : 1 }, leftOut: [] };
  const { stats, suites, errors } = JSON.parse(readFileSync(storyReport, 'utf8'));
  const skipped = suites.flatMap((suite) => listSkipped(suite));
  const failed = stats.unexpected + (stats.unexpected === 0 ? errors.length : 0);
  if (stats.flaky > 0) console.log(`${stats.flaky} passed only at the second try.`);
  return { counts: { passed: stats.expected + stats.flaky, failed, skipped: stats.skipped }, leftOut: skipped };
}

function listSkipped(suite) {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests
      .filter((test) => test.status === 'skipped')
      .map((test) => {
        const reason = test.annotations.find((note) => note.type === 'skip' || note.type === 'fixme')?.description;
        return `${spec.title}${reason === undefined ? '' : ` (${reason})`}`;
      }),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => listSkipped(inner))];
}

function add(left, right) {
  return { passed: left.passed + right.passed, failed: left.failed + right.failed, skipped: left.skipped + right.skipped };
}
