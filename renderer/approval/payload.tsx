// The exact bytes of what is asked for, in full; for a file that exists, what would change. Nothing in it stays hidden.
import { diffLines } from 'diff';
import { useMemo, useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { visiblePieces } from '../../electron/contract/visible.ts';
import { reachable } from '../parts/roles.ts';
import { useTexts } from '../texts/texts.ts';

/** Comparing longer files would be felt; they are shown as they would be. */
const longest = 200_000;

interface Props {
  readonly payload: string;
  readonly before: string | null;
  /** It has happened already. */
  readonly isDone?: boolean;
}

export function Payload({ payload, before, isDone = false }: Props) {
  const { say } = useTexts();
  const [whole, setWhole] = useState(false);
  const canCompare = before !== null && before.length + payload.length < longest;
  const pieces = useMemo(() => visiblePieces(payload), [payload]);
  const hidden = pieces.filter((piece) => piece.hidden !== null).length;
  return (
    <div className="payload">
      <div className="payload-head">
        <span>
          {canCompare && !whole
            ? say(isDone ? 'payload.changed' : 'payload.changes')
            : say('payload.bytes', { count: new TextEncoder().encode(payload).length })}
        </span>
        {hidden > 0 && <strong className="payload-hidden">{say('payload.hidden', { count: hidden })}</strong>}
        {canCompare && <LastLine before={before} after={payload} />}
        {canCompare && (
          <ToggleButton className="text-button" isSelected={whole} onChange={setWhole}>
            {say('payload.whole')}
          </ToggleButton>
        )}
      </div>
      <pre {...reachable(say('payload.label'))} className="bytes" translate="no">
        {canCompare && !whole ? <Changes before={before} after={payload} /> : <Visible text={payload} />}
      </pre>
    </div>
  );
}

/** Whether a file ends with a line break can't be seen in its lines. */
function LastLine({ before, after }: { readonly before: string; readonly after: string }) {
  const { say } = useTexts();
  if (before === '' || after === '' || before.endsWith('\n') === after.endsWith('\n')) return null;
  return <strong className="payload-end">{say(after.endsWith('\n') ? 'payload.endBreak' : 'payload.endBare')}</strong>;
}

function Changes({ before, after }: { readonly before: string; readonly after: string }) {
  const { say } = useTexts();
  const changes = useMemo(() => diffLines(before, after), [before, after]);
  return changes.map((change, index) => {
    const kind = change.added ? 'added' : change.removed ? 'removed' : 'same';
    const lines = change.value.replace(/\n$/, '').split('\n');
    const shown = kind === 'same' ? shorten(lines, index === 0, index === changes.length - 1) : lines;
    return shown.map((line, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes once made
      <span key={`${index}-${at}`} className={`diff diff-${line === null ? 'gap' : kind}`}>
        {line === null ? say('payload.gap', { count: lines.length - shown.length + 1 }) : <Visible text={line} />}
        {'\n'}
      </span>
    ));
  });
}

const around = 3;

/** Three lines around a change tell where it is; null stands for those left out. */
function shorten(lines: readonly string[], isFirst: boolean, isLast: boolean): readonly (string | null)[] {
  const head = isFirst ? 0 : around;
  const tail = isLast ? 0 : around;
  if (lines.length <= head + tail + 1) return lines;
  return [...lines.slice(0, head), null, ...lines.slice(lines.length - tail)];
}

function Visible({ text }: { readonly text: string }) {
  const pieces = useMemo(() => visiblePieces(text), [text]);
  return pieces.map((piece, index) =>
    piece.hidden === null ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change order
      <span key={index} className="hidden-character">
        {piece.hidden}
      </span>
    ),
  );
}
