// Every task in one place, the working ones first; each leads to its conversation.
import { Plus } from 'lucide-react';
import { Button } from 'react-aria-components';
import { Frame } from '../parts/dialog.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';
import { TaskCard } from './card.tsx';

export function TasksPanel({ onClose }: { readonly onClose: () => void }) {
  const { say } = useTexts();
  const { gestures } = useParts();
  const tasks = useWindow((state) => state.tasks);
  const sorted = Object.values(tasks).toSorted(
    (one, other) => Number(one.endedAt !== null) - Number(other.endedAt !== null) || other.createdAt - one.createdAt,
  );
  return (
    <Frame title={say('tasks.title')} size="wide" onClose={onClose}>
      <div className="form-foot">
        <Button className="button button-main" onPress={() => gestures.editTask(null)}>
          <Plus />
          {say('tasks.new')}
        </Button>
      </div>
      {sorted.length === 0 && <p className="panel-empty">{say('tasks.empty')}</p>}
      <ul className="task-list">
        {sorted.map((task) => (
          <li key={task.id}>
            <TaskCard task={task} />
            <Button className="text-button" onPress={() => void gestures.select(task.conversation, `t${task.id}`)}>
              {say('tasks.open')}
            </Button>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
