// Asking once more for what was not answered, or not well.
import { Button } from 'react-aria-components';
import type { RunId } from '../../electron/contract/id.ts';
import { focusComposer } from '../composer/focus.ts';
import { useParts } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';

/** The answer that one asks for again goes away, and its button with it; the keyboard goes on where one writes. */
export function useRetry(): (run: RunId) => void {
  const { store } = useParts();
  return (run) => {
    void store.ask('conversation.retry', { run });
    focusComposer();
  };
}

export function TryAgain({ run }: { readonly run: RunId }) {
  const { say } = useTexts();
  const retry = useRetry();
  return (
    <Button className="text-button" onPress={() => retry(run)}>
      {say('answer.tryAgain')}
    </Button>
  );
}
