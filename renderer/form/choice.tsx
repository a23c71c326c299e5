// One of a few things, chosen from a list that opens.
import { ChevronDown } from 'lucide-react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Text } from 'react-aria-components';

interface Props<T extends string> {
  readonly label: string;
  readonly help?: string;
  readonly options: readonly T[];
  readonly value: T;
  readonly text: (option: T) => string;
  readonly onChange: (option: T) => void;
  /** How it stands: a line of the settings, or a field of a form. */
  readonly look?: 'setting' | 'field';
}

export function Choice<T extends string>({ label, help, options, value, text, onChange, look = 'setting' }: Props<T>) {
  return (
    <Select
      className={look}
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option === key);
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      <Label className="setting-label">{label}</Label>
      <Button className="select">
        <SelectValue />
        <ChevronDown />
      </Button>
      {help !== undefined && (
        <Text slot="description" className="setting-help">
          {help}
        </Text>
      )}
      <Popover className="popover">
        <ListBox className="menu">
          {options.map((option) => (
            <ListBoxItem key={option} id={option} className="menu-item">
              {text(option)}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
