// The local engine dies: the window stays, the person is told, and the answer comes after all.
import { expect } from 'playwright/test';
import { fixturePath } from './fixture/make.ts';
import { type Nacre, test } from './launch.ts';
import { answerDialog, createPerson } from './person.ts';

test('when the engine is killed while it answers, the step is tried once more and the person is told', async ({ launchNacre }) => {
  test.setTimeout(120_000);
  const nacre = await launchNacre();
  const me = createPerson(nacre);
  await answerDialog(nacre.evaluate, fixturePath());
  await me.button('local.choose').click();
  await me.box.waitFor();
  const told = me.thread.getByText('The local engine stopped unexpectedly.');
  let killed: number | null = null;
  // The tiny model may have said everything before the signal arrives; then it is asked again.
  for (let attempt = 0; attempt < 8 && (await told.count()) === 0; attempt++) {
    await me.say(`Tell me everything, part ${attempt}`);
    await expect.poll(() => engineOf(nacre), { timeout: 30_000 }).not.toBeNull();
    const engine = await engineOf(nacre);
    expect(engine).not.toBe(nacre.process.pid);
    // Its first words, at every frame; where they were missed, the next question finds it at work sooner or later.
    await nacre.page.waitForFunction(isSpeaking, undefined, { polling: 'raf', timeout: 3_000 }).catch(() => undefined);
    if (engine === null) continue;
    process.kill(engine, 'SIGKILL');
    killed = engine;
    await told.waitFor({ timeout: 8_000 }).catch(() => undefined);
  }
  await expect(told).toBeVisible();
  await expect(me.button('composer.stop')).toBeHidden({ timeout: 60_000 });
  await expect(me.answers.last()).toContainText(me.text('where.local'));
  await expect.poll(() => engineOf(nacre)).not.toBe(killed);
});

function isSpeaking(): boolean {
  return document.querySelector('[aria-busy=true] p')?.textContent !== undefined;
}

/** The process id of the engine; null while it does not run. */
function engineOf({ evaluate }: Nacre): Promise<number | null> {
  return evaluate(({ app }) => app.getAppMetrics().find((metric) => metric.name === 'nacre-engine')?.pid ?? null, null);
}
