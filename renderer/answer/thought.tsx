// What the model thought before it answered: one line, opened on demand.

import { useTexts } from '../texts/texts.ts';
import { Fold } from './fold.tsx';

export function Thought({ text, isOpenEnded }: { readonly text: string; readonly isOpenEnded: boolean }) {
  const { say } = useTexts();
  const line = text.trim().replace(/\s+/g, ' ');
  const shown = (
    <>
      <span>{say(isOpenEnded ? 'thought.now' : 'thought.done')}</span>
      <span className="thought-excerpt">{line.slice(0, 160)}</span>
    </>
  );
  return (
    <Fold className="thought" line={shown}>
      <p className="thought-text" dir="auto">
        {text.trim()}
      </p>
    </Fold>
  );
}
