// The question whether a call may run, or whether a run may go on: what, where, the exact bytes, and its answers with a key each.
import { Hand, Hourglass } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Approval, ApprovalAnswer } from '../../electron/contract/approval.ts';
import { tellAsked } from '../../electron/contract/tell.ts';
import { reachable, silent } from '../parts/roles.ts';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';
import { answersFor, answerText, questionText } from './answers.ts';
import { Payload } from './payload.tsx';

/** Takes the focus when it appears, so that its keys answer it. */
const question = { role: 'group', tabIndex: -1 } as const;

export function ApprovalCard({ approval }: { readonly approval: Approval }) {
  const { say, language } = useTexts();
  const { gestures } = useParts();
  const hasKeys = useWindow((state) => state.keyed === approval.id);
  const [answering, setAnswering] = useState(false);
  const answer = (given: ApprovalAnswer) => {
    setAnswering(true);
    void gestures.answer(approval.id, given).finally(() => setAnswering(false));
  };
  return (
    <section
      {...question}
      className="approval"
      aria-label={say('approval.label', { title: tellAsked(approval, language) })}
      data-approval={approval.id}
      data-keyed={hasKeys || undefined}
    >
      <header className="approval-head">
        {approval.about === 'call' ? <Hand /> : <Hourglass />}
        <h2>{say(questionText(approval))}</h2>
      </header>
      <Asked approval={approval} />
      <footer className="approval-answers">
        {answersFor(approval).map((each, index) => (
          <Button key={each} className={each === 'once' ? 'button button-main' : 'button'} isDisabled={answering} onPress={() => answer(each)}>
            {say(answerText(approval, each))}
            <kbd {...silent}>{index + 1}</kbd>
          </Button>
        ))}
        {approval.tool === 'schedule_task' && (
          <Button className="button" isDisabled={answering} onPress={() => void gestures.editAsked(approval)}>
            {say('approval.edit')}
          </Button>
        )}
      </footer>
    </section>
  );
}

function Asked({ approval }: { readonly approval: Approval }) {
  const { say, tell, language } = useTexts();
  const { about, tool, title, where, payload, before, caution } = approval;
  if (about !== 'call') return <Words lines={[tellAsked(approval, language), payload.replace(/^.+:$/gm, (line) => tell({ code: line, message: line }))]} />;
  if (tool === 'schedule_task') return <Words lines={[...payload.split('\n'), where]} />;
  return (
    <>
      <dl className="approval-facts">
        <dt>{say('approval.what')}</dt>
        <dd translate="no">
          <b>{tool}</b> {title}
        </dd>
        {where !== '' && (
          <>
            <dt>{say('approval.where')}</dt>
            <dd translate="no">{where}</dd>
          </>
        )}
      </dl>
      {caution !== null && <p className="approval-caution">{tell(caution)}</p>}
      <Payload payload={payload} before={before} />
    </>
  );
}

/** What is agreed to in words: the first line says what it is. */
function Words({ lines: [first, ...rest] }: { readonly lines: readonly string[] }) {
  const { say } = useTexts();
  return (
    <div {...reachable(say('payload.label'))} className="approval-words" dir="auto">
      <b>{first}</b>
      {rest.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two lines may say the same
        <p key={index}>{line}</p>
      ))}
    </div>
  );
}
