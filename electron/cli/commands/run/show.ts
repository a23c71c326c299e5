// `nacre run show` and `replay`: every step of a run as it was recorded, and the run derived from that anew.
import { exitCode } from '../../exit.ts';
import type { Session } from '../../session.ts';
import { describeEntries } from './describe.ts';

export async function showRun({ client, terminal }: Session, id: number): Promise<void> {
  const { run, entries, report } = await client.request('run.show', { run: id });
  terminal.show({ type: 'run', run }, `r${run.id}\t${run.state}${run.waitingFor === null ? '' : ` (${run.waitingFor})`}\t${run.model ?? ''}`);
  for (const entry of entries) terminal.line({ type: 'entry', entry });
  for (const line of describeEntries(entries)) terminal.answer(`${line}\n`);
  if (report !== null) terminal.line({ type: 'report', report });
}

/** Ends with code 2 where the journal and what is stored of the run differ. */
export async function replayRun({ client, terminal }: Session, id: number): Promise<number> {
  const replayed = await client.request('run.replay', { run: id });
  const { entries, next, derived, differences } = replayed;
  terminal.show({ type: 'replay', ...replayed }, `r${id}\t${String(derived['state'])}\t${entries} entries\t${next}`);
  for (const { what, stored, derived: found } of differences)
    terminal.answer(`differs\t${what}\tstored ${JSON.stringify(stored)}\tderived ${JSON.stringify(found)}\n`);
  return differences.length === 0 ? exitCode.done : exitCode.failed;
}
