// The models: which there are, which one answers, and adding or removing one.
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { type ModelEntry, starterId } from '../../electron/contract/model.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { WhereMark, whereOf } from '../parts/where.tsx';
import { AddLocal } from '../start/add-local.tsx';
import { AddRemote } from '../start/add-remote.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { size } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';

export function Models() {
  const { say } = useTexts();
  const models = useWindow((state) => state.models);
  const [added, setAdded] = useState(0);
  return (
    <>
      <ul className="models" aria-label={say('models.label')}>
        {models.map((model) => (
          <li key={model.id} className="model" data-current={model.current || undefined}>
            <Model model={model} />
          </li>
        ))}
      </ul>
      <h3 className="panel-title">{say('models.add')}</h3>
      <Tabs className="tabs">
        <TabList className="tab-list" aria-label={say('models.add')}>
          <Tab className="tab" id="local">
            {say('models.addLocal')}
          </Tab>
          <Tab className="tab" id="remote">
            {say('models.addRemote')}
          </Tab>
        </TabList>
        <TabPanel id="local">
          <AddLocal />
        </TabPanel>
        <TabPanel id="remote">
          <AddRemote key={added} onAdded={() => setAdded(added + 1)} />
        </TabPanel>
      </Tabs>
    </>
  );
}

function Model({ model }: { readonly model: ModelEntry }) {
  const { say, tell, locale } = useTexts();
  const { setup } = useParts();
  return (
    <>
      <div className="model-text">
        <p className="model-name">
          <span translate="no">{model.name}</span>
          <WhereMark where={whereOf(model.kind)} />
        </p>
        <p className="model-source" translate="no">
          {[model.model, model.source, model.bytes > 0 ? size(model.bytes, locale) : ''].filter(Boolean).join(' · ')}
        </p>
        {model.fault !== null && <p className="model-fault">{tell(model.fault)}</p>}
      </div>
      {model.current ? (
        <span className="in-use">{say('models.inUse')}</span>
      ) : (
        <Button
          className="button button-small"
          isDisabled={model.fault !== null}
          onPress={() => void setup.use(model.id)}
          aria-label={say('models.useNamed', { name: model.name })}
        >
          {say('models.use')}
        </Button>
      )}
      {model.kind !== 'scripted' && model.id !== starterId && (
        <IconButton label={say('models.remove', { name: model.name })} onPress={() => void setup.removeModel(model.id)}>
          <Trash2 />
        </IconButton>
      )}
    </>
  );
}
