// One line of a form to type in.
import { Input, Label, Text, TextField } from 'react-aria-components';

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly help?: string;
  readonly type?: 'text' | 'password';
  readonly name?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function Field({ label, hint, help, ...rest }: Props) {
  return (
    <TextField className="field" {...rest}>
      <Label>{label}</Label>
      <Input placeholder={hint} spellCheck={false} autoComplete="off" />
      {help !== undefined && <Text slot="description">{help}</Text>}
    </TextField>
  );
}
