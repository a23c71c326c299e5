// What the model thought before it answered: one line, opened on demand.
import { ChevronRight } from 'lucide-react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { useTexts } from '../texts/texts.ts';

export function Thought({ text, isOpenEnded }: { readonly text: string; readonly isOpenEnded: boolean }) {
  const { say } = useTexts();
  const line = text.trim().replace(/\s+/g, ' ');
  return (
    <Disclosure className="thought">
      <Heading level={2}>
        <Button slot="trigger" className="thought-line">
          <ChevronRight className="turn" />
          <span>{say(isOpenEnded ? 'thought.now' : 'thought.done')}</span>
          <span className="thought-excerpt">{line.slice(0, 160)}</span>
        </Button>
      </Heading>
      <DisclosurePanel>
        <p className="thought-text" dir="auto">
          {text.trim()}
        </p>
      </DisclosurePanel>
    </Disclosure>
  );
}
