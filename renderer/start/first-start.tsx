// The first screen: three ways on, all of which say plainly what they need and what they do.
import { Cloud, Cpu, Sprout } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { Button } from 'react-aria-components';
import { starterId } from '../../electron/contract/model.ts';
import { Mark } from '../parts/mark.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';
import { AddLocal } from './add-local.tsx';
import { AddRemote } from './add-remote.tsx';

export function FirstStart() {
  const { say } = useTexts();
  const { setup } = useParts();
  const hasStarter = useWindow((state) => state.models.some(({ id }) => id === starterId));
  const offline = useWindow((state) => state.settings.offline);
  useFirstModel();
  return (
    <div className="start">
      <header className="start-head">
        <Mark size={56} />
        <h2>{say('start.title')}</h2>
        <p>{say('start.text')}</p>
        {offline && <p className="start-offline">{say('start.offline')}</p>}
      </header>
      <div className="ways">
        {hasStarter && (
          <Way place="starter" icon={<Sprout />} title={say('start.starter')} text={say('start.starterText')}>
            <Button className="button button-main" onPress={() => void setup.use(starterId)}>
              {say('start.starterButton')}
            </Button>
          </Way>
        )}
        <Way place="local" icon={<Cpu />} title={say('start.local')} text={say('start.localText')}>
          <AddLocal />
        </Way>
        <Way place="remote" icon={<Cloud />} title={say('start.remote')} text={say('start.remoteText')}>
          <AddRemote onAdded={(model) => void setup.use(model)} />
        </Way>
      </div>
    </div>
  );
}

interface WayProps {
  readonly place: string;
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}

function Way({ place, icon, title, text, children }: WayProps) {
  return (
    <section className={`way way-${place}`} aria-label={title}>
      <h3>
        {icon}
        {title}
      </h3>
      <p>{text}</p>
      {children}
    </section>
  );
}

/** The first model that comes to be is put to use; choosing one is what this screen is for. */
function useFirstModel(): void {
  const { setup } = useParts();
  const ready = useWindow(({ models }) => models.find((one) => one.kind === 'local' && one.id !== starterId && one.fault === null && !one.current)?.id ?? null);
  useEffect(() => {
    if (ready !== null) void setup.use(ready);
  }, [ready, setup]);
}
