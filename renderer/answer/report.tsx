// The report of a task that has ended: the evidence, the files it changed with what changed in them, what is not known, and the time it took.
import { useState } from 'react';
import type { RunId } from '../../electron/contract/id.ts';
import type { Report } from '../../electron/contract/report.ts';
import type { RequestOutput } from '../../electron/contract/request.ts';
import { Payload } from '../approval/payload.tsx';
import { useParts } from '../state/context.tsx';
import { checkRows } from '../tasks/details.tsx';
import { Part, type PartRow } from '../tasks/part.tsx';
import { duration } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';
import { Fold } from './fold.tsx';

export function ReportView({ run, report }: { readonly run: RunId; readonly report: Report }) {
  const { say, tell } = useTexts();
  const { evidence, files, incomplete, unknown, spent } = report;
  const changed = files.map(({ path, change, written }): PartRow => {
    const kind = say(`file.${change}`);
    return written ? { text: <WrittenFile run={run} path={path} kind={kind} /> } : { text: path, isCode: true, detail: kind };
  });
  const unseen = incomplete ? [{ text: say('report.incomplete') }] : [];
  return (
    <section className="report" aria-label={say('report.label')}>
      <Part title={say('task.checks')} rows={checkRows([], evidence, say, tell)} />
      <Part title={say('report.files', { count: files.length })} rows={[...changed, ...unseen]} />
      <Part title={say('report.unknown')} rows={unknown.map((text) => ({ mark: 'failed', text, isCode: true }))} />
      <p className="task-detail">{say('report.cost', { steps: say('task.steps', { count: spent.steps }), time: duration(spent.minutes * 60_000, say) })}</p>
    </section>
  );
}

/** What changed in it is read when it is asked for. */
function WrittenFile({ run, path, kind }: { readonly run: RunId; readonly path: string; readonly kind: string }) {
  const { store } = useParts();
  const { say } = useTexts();
  const [diff, setDiff] = useState<RequestOutput<'run.diff'> | null>(null);
  const read = (isOpen: boolean): void => {
    if (isOpen && diff === null) void store.ask('run.diff', { run, path }).then(setDiff);
  };
  const line = (
    <>
      <span className="task-code" translate="no">
        {path}
      </span>
      <span className="task-detail">{kind}</span>
    </>
  );
  return (
    <Fold line={line} onOpen={read}>
      {diff?.before === null && <p className="task-detail">{say('report.noCopy')}</p>}
      {diff !== null && <Payload payload={diff.after} before={diff.before} isDone />}
    </Fold>
  );
}
