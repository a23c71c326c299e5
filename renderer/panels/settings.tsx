// The settings and the models, in one dialog.

import { Input, Label, NumberField, Tab, TabList, TabPanel, Tabs, Text, TextField } from 'react-aria-components';
import type { Settings } from '../../electron/contract/setting.ts';
import { Choice } from '../form/choice.tsx';
import { Toggle } from '../form/toggle.tsx';
import { Frame } from '../parts/dialog.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';
import { Models } from './models.tsx';

export function SettingsPanel({ tab, onClose }: { readonly tab: 'settings' | 'models'; readonly onClose: () => void }) {
  const { say } = useTexts();
  return (
    <Frame title={say('settings.title')} size="wide" onClose={onClose}>
      <Tabs className="tabs" defaultSelectedKey={tab}>
        <TabList className="tab-list" aria-label={say('settings.title')}>
          <Tab className="tab" id="settings">
            {say('settings.general')}
          </Tab>
          <Tab className="tab" id="models">
            {say('settings.models')}
          </Tab>
        </TabList>
        <TabPanel id="settings">
          <General />
        </TabPanel>
        <TabPanel id="models">
          <Models />
        </TabPanel>
      </Tabs>
    </Frame>
  );
}

const languages = ['system', 'en', 'zh'] as const;
const themes = ['system', 'light', 'dark'] as const;
const engines = ['child', 'main'] as const;
const usualHours = { from: '22:00', to: '07:00' };
const gpus = ['auto', 'cuda', 'vulkan', 'metal', 'off'] as const;

function General() {
  const { say } = useTexts();
  const { setup } = useParts();
  const settings = useWindow((state) => state.settings);
  const app = useWindow((state) => state.app);
  const kept = <N extends keyof Settings>(name: N) => ({
    value: settings[name],
    onChange: (value: Settings[N]) => void setup.changeSettings({ ...{}, [name]: value }),
  });
  return (
    <div className="settings">
      <Choice label={say('settings.language')} options={languages} text={(each) => say(`settings.language.${each}`)} {...kept('language')} />
      <Choice label={say('settings.theme')} options={themes} text={(each) => say(`settings.theme.${each}`)} {...kept('theme')} />
      <Toggle name="offline" isOn={settings.offline} onChange={(offline) => void setup.changeSettings({ offline })} />
      <RestSettings />
      <h3 className="panel-title">{say('settings.engineTitle')}</h3>
      <Choice label={say('settings.gpu')} options={gpus} text={(each) => say(`settings.gpu.${each}`)} {...kept('gpu')} />
      <Choice
        label={say('settings.engine')}
        help={say('settings.engineHelp')}
        options={engines}
        text={(each) => say(`settings.engine.${each}`)}
        {...kept('engine')}
      />
      <ContextTokens />
      {app !== null && <p className="about">{say('settings.about', { version: app.version, data: app.data })}</p>}
    </div>
  );
}

/** When work in the background should wait: on battery, and in quiet hours. */
function RestSettings() {
  const { say } = useTexts();
  const { setup } = useParts();
  const { restOnBattery, quietHours } = useWindow((state) => state.settings);
  return (
    <>
      <h3 className="panel-title">{say('settings.restTitle')}</h3>
      <Toggle name="restOnBattery" isOn={restOnBattery} onChange={(on) => void setup.changeSettings({ restOnBattery: on })} />
      <Toggle name="quietHours" isOn={quietHours !== null} onChange={(on) => void setup.changeSettings({ quietHours: on ? usualHours : null })}>
        {quietHours !== null && (
          <div className="setting-times">
            {(['from', 'to'] as const).map((end) => (
              <TextField
                key={end}
                className="setting-time"
                type="time"
                value={quietHours[end]}
                // An emptied field is no time; the one before stays.
                onChange={(time) => time !== '' && void setup.changeSettings({ quietHours: { ...quietHours, [end]: time } })}
              >
                <Label className="setting-help">{say(`settings.quiet.${end}`)}</Label>
                <Input className="select" />
              </TextField>
            ))}
          </div>
        )}
      </Toggle>
    </>
  );
}

function ContextTokens() {
  const { say } = useTexts();
  const { setup } = useParts();
  const tokens = useWindow((state) => state.settings.contextTokens);
  return (
    <NumberField
      className="setting"
      value={tokens}
      minValue={0}
      maxValue={10_000_000}
      step={1}
      onChange={(value) => void setup.changeSettings({ contextTokens: Math.round(value) || 0 })}
    >
      <Label className="setting-label">{say('settings.context')}</Label>
      <Input className="select" />
      <Text slot="description" className="setting-help">
        {say('settings.contextHelp')}
      </Text>
    </NumberField>
  );
}
