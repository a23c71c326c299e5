// Connects a model at another computer: what it is called, where it is, and the key to it.
import { type FormEvent, useState } from 'react';
import { Button, Checkbox, Form, Radio, RadioGroup } from 'react-aria-components';
import type { Fault } from '../../electron/contract/fault.ts';
import type { RequestInput } from '../../electron/contract/request.ts';
import { Field } from '../form/field.tsx';
import { useParts } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';

const blank = { kind: 'openai' as 'openai' | 'anthropic', name: '', baseUrl: '', model: '', key: '' };
const places = { openai: 'http://127.0.0.1:11434/v1', anthropic: 'https://api.anthropic.com' } as const;
const models = { openai: 'qwen3:8b', anthropic: 'claude-sonnet-4-5' } as const;

export function AddRemote({ onAdded }: { readonly onAdded: (model: string) => void }) {
  const { say } = useTexts();
  const { store } = useParts();
  const [fields, setFields] = useState(blank);
  const [plainKey, setPlainKey] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const typed = (name: keyof typeof blank) => ({ name, value: fields[name], onChange: (value: string) => setFields({ ...fields, [name]: value }) });
  const isComplete = fields.baseUrl.trim() !== '' && fields.model.trim() !== '';

  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!isComplete || busy) return;
    setBusy(true);
    const reply = await store.request('model.add-remote', asRemote(fields, plainKey));
    setBusy(false);
    setFault(reply.ok ? null : reply.fault);
    if (reply.ok) onAdded(reply.value.id);
  }

  return (
    <Form className="form" onSubmit={(event) => void add(event)}>
      <RadioGroup
        className="segments"
        value={fields.kind}
        onChange={(kind) => setFields({ ...fields, kind: kind === 'anthropic' ? 'anthropic' : 'openai' })}
        aria-label={say('remote.kind')}
      >
        <Radio className="segment" value="openai">
          {say('remote.openai')}
        </Radio>
        <Radio className="segment" value="anthropic">
          {say('remote.anthropic')}
        </Radio>
      </RadioGroup>
      <Field label={say('remote.address')} hint={places[fields.kind]} {...typed('baseUrl')} />
      <Field label={say('remote.model')} hint={models[fields.kind]} {...typed('model')} />
      <Field label={say('remote.key')} hint={say('remote.keyHint')} help={say('remote.keyHelp')} type="password" {...typed('key')} />
      <Field label={say('remote.name')} hint={say('remote.nameHint')} {...typed('name')} />
      <Refusal fault={fault} plainKey={plainKey} onPlainKey={setPlainKey} />
      <div className="form-foot">
        <Button className="button button-main" type="submit" isDisabled={busy || !isComplete}>
          {say(busy ? 'remote.checking' : 'remote.connect')}
        </Button>
      </div>
    </Form>
  );
}

function asRemote({ kind, name, baseUrl, model, key }: typeof blank, plainKey: boolean): RequestInput<'model.add-remote'> {
  const address = baseUrl.trim();
  return {
    kind,
    baseUrl: address,
    model: model.trim(),
    name: name.trim() || `${model.trim()}`.slice(0, 80),
    plainKey,
    ...(key.trim() === '' ? {} : { key: key.trim() }),
  };
}

/** What went wrong, and where there is no keychain, the other way to keep the key. */
function Refusal({ fault, plainKey, onPlainKey }: { readonly fault: Fault | null; readonly plainKey: boolean; readonly onPlainKey: (plain: boolean) => void }) {
  const { say, tell } = useTexts();
  if (fault === null) return null;
  return (
    <div className="form-fault" role="alert">
      <p>{tell(fault)}</p>
      {fault.code === 'secret.unavailable' && (
        <Checkbox className="check" isSelected={plainKey} onChange={onPlainKey}>
          <span className="check-box" aria-hidden="true" />
          {say('remote.plainKey')}
        </Checkbox>
      )}
    </div>
  );
}
