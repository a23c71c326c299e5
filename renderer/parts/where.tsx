// Says where an answer is made: on this computer, at a remote endpoint, or by a script.
import { Cloud, Cpu, Sparkles } from 'lucide-react';
import type { ModelEntry } from '../../electron/contract/model.ts';
import type { Usage } from '../../electron/contract/run.ts';
import { useTexts } from '../texts/texts.ts';

export function WhereMark({ where }: { readonly where: Usage['where'] }) {
  const { say } = useTexts();
  const Icon = where === 'local' ? Cpu : where === 'remote' ? Cloud : Sparkles;
  return (
    <span className={`where where-${where}`}>
      <Icon />
      {say(`where.${where}`)}
    </span>
  );
}

export function whereOf(kind: ModelEntry['kind']): Usage['where'] {
  return kind === 'local' || kind === 'scripted' ? kind : 'remote';
}
