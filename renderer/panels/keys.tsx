// Every key the window knows, on one sheet.
import { Frame } from '../parts/dialog.tsx';
import { useWindow } from '../state/context.tsx';
import { type TextKey, useTexts } from '../texts/texts.ts';

const keys: readonly (readonly [TextKey, readonly string[]])[] = [
  ['keys.new', ['Mod', 'N']],
  ['keys.task', ['Mod', 'T']],
  ['keys.search', ['Mod', 'K']],
  ['keys.memory', ['Mod', 'J']],
  ['keys.switch', ['Mod', '1…9']],
  ['keys.send', ['Enter']],
  ['keys.newline', ['Shift', 'Enter']],
  ['keys.background', ['Mod', 'Shift', 'Enter']],
  ['keys.save', ['Mod', 'Enter']],
  ['keys.editLast', ['↑']],
  ['keys.stop', ['Esc']],
  ['keys.approve', ['1', '2', '3']],
  ['keys.approveTyping', ['Alt', '1 2 3']],
  ['keys.write', ['Mod', 'L']],
  ['keys.rename', ['F2']],
  ['keys.delete', ['Del']],
  ['keys.settings', ['Mod', ',']],
  ['keys.sheet', ['Mod', '/']],
];

export function KeysPanel({ onClose }: { readonly onClose: () => void }) {
  const { say } = useTexts();
  const isMac = useWindow((state) => state.app?.platform === 'darwin');
  const name = (key: string) => (key === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : key);
  return (
    <Frame title={say('keys.title')} size="medium" onClose={onClose}>
      <dl className="keys">
        {keys.map(([text, combination]) => (
          <div key={text} className="key-line">
            <dt>{say(text)}</dt>
            <dd>
              {combination.map((key) => (
                <kbd key={key}>{name(key)}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Frame>
  );
}
