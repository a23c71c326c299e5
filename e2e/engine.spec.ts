// The local engine dies: the window stays, the person is told, and the answer comes after all.
import { expect } from 'playwright/test';
import { fixturePath } from '../local-models/fixture/make.ts';
import { type Nacre, test } from './launch.ts';
import { answerDialog, createPerson } from './person.ts';

test('when the engine is killed while it answers, the step is tried once more and the person is told', async ({ launchNacre }) => {
  test.setTimeout(120_000);
  const nacre = await launchNacre();
  const me = createPerson(nacre);
  await answerDialog(nacre.evaluate, fixturePath());
  await me.button('local.choose').click();
  await me.box.waitFor();
  await me.say('Tell me everything');
  await expect.poll(() => engineOf(nacre), { timeout: 30_000 }).not.toBeNull();
  const engine = await engineOf(nacre);
  expect(engine).not.toBe(nacre.process.pid);
  // Asked at every frame: the tiny model has said everything within a second or two.
  await nacre.page.waitForFunction(() => document.querySelector('[aria-busy=true] p')?.textContent !== undefined, undefined, { polling: 'raf' });
  process.kill(engine ?? 0, 'SIGKILL');
  await expect(me.thread).toContainText('The local engine stopped unexpectedly.', { timeout: 30_000 });
  await expect(me.button('composer.stop')).toBeHidden({ timeout: 60_000 });
  await expect(me.answers).toContainText(me.text('where.local'));
  await expect.poll(() => engineOf(nacre)).not.toBe(engine);
});

/** The process id of the engine; null while it does not run. */
function engineOf({ evaluate }: Nacre): Promise<number | null> {
  return evaluate(({ app }) => app.getAppMetrics().find((metric) => metric.name === 'nacre-engine')?.pid ?? null, null);
}
