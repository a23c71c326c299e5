// A short list under a heading: how the parts of a task and of its report look.
import { CircleCheck, CircleDashed, CircleDot, CircleMinus, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts.ts';

export interface PartRow {
  readonly mark?: Mark;
  readonly text: ReactNode;
  /** Stands for itself in every language. */
  readonly isCode?: boolean;
  readonly detail?: string;
}

const marks = { todo: CircleDashed, doing: CircleDot, done: CircleCheck, dropped: CircleMinus, ok: CircleCheck, failed: CircleX } as const;
type Mark = keyof typeof marks;

/** Nothing where there are no rows. */
export function Part({ title, rows }: { readonly title: string; readonly rows: readonly PartRow[] }) {
  if (rows.length === 0) return null;
  return (
    <div className="task-part">
      <p className="part-title">{title}</p>
      <ul aria-label={title}>
        {rows.map(({ mark, text, isCode = false, detail = '' }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two rows may say the same
          <li key={index}>
            {mark !== undefined && <MarkIcon mark={mark} />}
            <span className={isCode ? 'task-code' : undefined} translate={isCode ? 'no' : 'yes'} dir="auto">
              {text}
            </span>
            {detail !== '' && <span className="task-detail">{detail}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function MarkIcon({ mark }: { readonly mark: Mark }) {
  const { say } = useTexts();
  const Icon = marks[mark];
  return <Icon className={`mark-${mark}`} role="img" aria-label={say(`mark.${mark}`)} />;
}
