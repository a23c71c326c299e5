// When work in the background should wait: on battery, and in quiet hours.
import { Input, Label, TextField } from 'react-aria-components';
import { Toggle } from '../form/toggle.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';

const usualHours = { from: '22:00', to: '07:00' };

export function RestSettings() {
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
