// The question whether a call may run: what, where, the exact bytes, and three answers with a key each.
import { Hand } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Approval, ApprovalAnswer } from '../../electron/contract/approval.ts';
import { silent } from '../parts/roles.ts';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';
import { Payload } from './payload.tsx';

/** Takes the focus when it appears, so that the keys 1 to 3 answer it. */
const question = { role: 'group', tabIndex: -1 } as const;
const answers: readonly ApprovalAnswer[] = ['once', 'conversation', 'deny'];

export function ApprovalCard({ approval }: { readonly approval: Approval }) {
  const { say, tell } = useTexts();
  const { gestures } = useParts();
  const hasKeys = useWindow((state) => state.keyed === approval.id);
  const [answering, setAnswering] = useState(false);
  const answer = (given: ApprovalAnswer) => {
    setAnswering(true);
    void gestures.answer(approval.id, given).finally(() => setAnswering(false));
  };
  return (
    <section {...question} className="approval" aria-label={say('approval.label', { title: approval.title })} data-approval={approval.id}>
      <header className="approval-head">
        <Hand />
        <h2>{say(questionFor(approval))}</h2>
      </header>
      <dl className="approval-facts">
        <dt>{say('approval.what')}</dt>
        <dd translate="no">
          <b>{approval.tool}</b> {approval.title}
        </dd>
        {approval.where !== '' && (
          <>
            <dt>{say('approval.where')}</dt>
            <dd translate="no">{approval.where}</dd>
          </>
        )}
      </dl>
      {approval.caution !== null && <p className="approval-caution">{tell(approval.caution)}</p>}
      <Payload payload={approval.payload} before={approval.before} />
      <footer className="approval-answers">
        {answers.map((each, index) => (
          <Button key={each} className={each === 'once' ? 'button button-main' : 'button'} isDisabled={answering} onPress={() => answer(each)}>
            {say(`approval.${each}`)}
            {hasKeys && <kbd {...silent}>{index + 1}</kbd>}
          </Button>
        ))}
      </footer>
    </section>
  );
}

function questionFor(approval: Approval) {
  if (approval.tool === 'run_command') return 'approval.command';
  if (approval.tool === 'write_file') return approval.before === null ? 'approval.newFile' : 'approval.changeFile';
  if (approval.tool === 'schedule_task') return 'approval.schedule';
  return 'approval.other';
}
