// A setting that is on or off, and what it does.
import type { ReactNode } from 'react';
import { Switch } from 'react-aria-components';
import { useTexts } from '../texts/texts.ts';

interface Props {
  readonly name: 'offline' | 'restOnBattery' | 'quietHours';
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly children?: ReactNode;
}

export function Toggle({ name, isOn, onChange, children }: Props) {
  const { say } = useTexts();
  return (
    <div className="setting">
      <Switch className="switch" isSelected={isOn} onChange={onChange}>
        <span className="setting-label">{say(`settings.${name}`)}</span>
        <span className="switch-track" aria-hidden="true" />
      </Switch>
      {children}
      <p className="setting-help">{say(`settings.${name}Help`)}</p>
    </div>
  );
}
