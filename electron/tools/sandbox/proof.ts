// Tries once whether a contained command really is: one that would read and write beside its folder, and reach a socket.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from './seam.ts';

const attempt = 'cat ../secret; (echo out > ../escaped) 2>/dev/null; [ -w /proc/sys/kernel/core_pattern ] && echo kernel; echo in > here && printf contained';

/** Null where it is contained, else what happened instead. Never rejects. */
export async function prove(wrap: Sandbox['wrap']): Promise<string | null> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-sandbox-')));
  const [folder, scratch] = [join(base, 'folder'), join(base, 'scratch')];
  try {
    for (const made of [folder, scratch]) mkdirSync(made);
    writeFileSync(join(base, 'secret'), 'seen');
    const { script, release } = await wrap(attempt, { folder, scratch });
    const said = await run(script, folder);
    await release();
    return said.stdout === 'contained' && existsSync(join(folder, 'here')) && !existsSync(join(base, 'escaped')) ? null : said.all;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function run(script: string, cwd: string): Promise<{ readonly stdout: string; readonly all: string }> {
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', script], { cwd, env: { PATH: '/usr/bin:/bin' }, timeout: 10_000 }, (error, stdout, stderr) =>
      resolve({ stdout, all: `${stdout}${stderr}`.trim().slice(0, 300) || (error?.message.slice(0, 300) ?? 'it said nothing') }),
    );
  });
}
