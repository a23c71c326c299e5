// One line of a form to type in.
import { FieldError, Input, Label, Text, TextField, type TextFieldProps } from 'react-aria-components';
import type { Fault } from '../../electron/contract/fault.ts';
import { useTexts } from '../texts/texts.ts';

interface Props extends Omit<TextFieldProps, 'children' | 'className'> {
  readonly label: string;
  readonly hint: string;
  readonly help?: string;
  readonly fault?: Fault | null;
}

export function Field({ label, hint, help, fault = null, ...rest }: Props) {
  const { tell } = useTexts();
  return (
    <TextField className="field" isInvalid={fault !== null} validationBehavior="aria" {...rest}>
      <Label>{label}</Label>
      <Input placeholder={hint} spellCheck={false} autoComplete="off" />
      {help !== undefined && <Text slot="description">{help}</Text>}
      {fault !== null && <FieldError>{tell(fault)}</FieldError>}
    </TextField>
  );
}
