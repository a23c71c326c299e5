// Adds a model for this machine: an address to fetch it from, or a file that is already here.
import { FileDown, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import type { Fault } from '../../electron/contract/fault.ts';
import { Field } from '../form/field.tsx';
import { useParts } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';
import { Downloads } from './downloads.tsx';

export function AddLocal() {
  const { say } = useTexts();
  const { store } = useParts();
  const [source, setSource] = useState('');
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);

  async function add(from: string): Promise<void> {
    setBusy(true);
    const reply = await store.request('model.import', { source: from });
    setBusy(false);
    setFault(reply.ok ? null : reply.fault);
    if (!reply.ok) return;
    setSource('');
    const { download } = reply.value;
    if (download !== null) store.change((state) => ({ downloads: { [download.id]: download, ...state.downloads } }));
  }

  async function chooseFile(): Promise<void> {
    const chosen = await store.ask('dialog.model-file', {});
    if (chosen?.path != null) await add(chosen.path);
  }

  return (
    <>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (source.trim() !== '') void add(source.trim());
        }}
      >
        <Field
          label={say('local.source')}
          hint="hf:owner/repo:Q4_K_M"
          help={say('local.sourceHelp')}
          fault={fault}
          name="source"
          value={source}
          onChange={setSource}
        />
        <div className="form-foot">
          <Button className="button button-main" type="submit" isDisabled={busy || source.trim() === ''}>
            <FileDown />
            {say('local.fetch')}
          </Button>
          <Button className="button" isDisabled={busy} onPress={() => void chooseFile()}>
            <FolderOpen />
            {say('local.choose')}
          </Button>
        </div>
      </Form>
      <Downloads onRetry={(again) => void add(again)} />
    </>
  );
}
