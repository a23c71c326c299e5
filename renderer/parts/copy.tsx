// A button that copies a text and says so for a moment.
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTexts } from '../texts/texts.ts';
import { IconButton } from './icon-button.tsx';

const shownFor = 1500;

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const { say } = useTexts();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownFor);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton label={copied ? say('copy.done') : label} onPress={() => void copy(text).then(setCopied)}>
      {copied ? <Check /> : <Copy />}
    </IconButton>
  );
}

/** The clipboard may be refused to a window in the background; then selecting and copying by hand is left. */
async function copy(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
