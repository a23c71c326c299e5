// A line that opens on demand what stands behind it.
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';

interface Props {
  readonly line: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  readonly look?: 'thought-line' | 'chain-head' | 'call-head';
  readonly level?: 2 | 3;
  readonly onOpen?: (isOpen: boolean) => void;
}

export function Fold({ line, children, className = 'react-aria-Disclosure', look = 'thought-line', level = 2, onOpen }: Props) {
  return (
    <Disclosure className={className} onExpandedChange={(isOpen) => onOpen?.(isOpen)}>
      <Heading level={level}>
        <Button slot="trigger" className={look}>
          <ChevronRight className="turn" />
          {line}
        </Button>
      </Heading>
      <DisclosurePanel>{children}</DisclosurePanel>
    </Disclosure>
  );
}
