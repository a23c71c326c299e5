// `nacre task history`: what became of each time a task was due, and what ran without asking.
import { wallText } from '../../../contract/words.ts';
import type { Session } from '../../session.ts';

export async function showHistory({ client, terminal, texts }: Session, id: number): Promise<void> {
  const { firings } = await client.request('task.history', { task: id });
  for (const firing of firings) {
    const until = firing.until === firing.due ? '' : ` – ${wallText(firing.until)}`;
    const times = firing.count === 1 ? '' : ` ×${firing.count ?? '…'}`;
    const run = firing.run === null ? '' : `r${firing.run}`;
    terminal.show({ type: 'firing', firing }, `${wallText(firing.due)}${until}${times}\t${firing.outcome}\t${firing.why}\t${run}`);
  }
  const { calls } = await client.request('task.unasked', { task: id });
  for (const call of calls) terminal.show({ type: 'unasked', call }, `${wallText(call.at)}\tunasked\t${call.tool} ${call.title}\tr${call.run}`);
  if (firings.length + calls.length === 0) terminal.note(texts.none);
}
