// A task in a form: what, where, when, what proves it done, what it may do alone, and how much it may use. What is typed is read at once.
import { FolderOpen } from 'lucide-react';
import { type ComponentProps, type FormEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import { Button, Form, Group, Input, Label, NumberField, Text, TextArea, TextField } from 'react-aria-components';
import type { Fault } from '../../electron/contract/fault.ts';
import type { ReadTask } from '../../electron/contract/task.ts';
import { useAnswer } from '../form/answer.ts';
import { Choice } from '../form/choice.tsx';
import { Field } from '../form/field.tsx';
import { Frame } from '../parts/dialog.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';
import { DueWords } from './card.tsx';
import { type Draft, keepsSchedule, policies, typedOf, ways } from './draft.ts';

interface Props {
  readonly draft: Draft;
  readonly onChange: (changed: Partial<Draft>) => void;
}

export function TaskForm({ opened, onClose }: { readonly opened: Draft; readonly onClose: () => void }) {
  const { say, tell } = useTexts();
  const { gestures } = useParts();
  const [draft, setDraft] = useState(opened);
  const [fault, setFault] = useState<Fault | null>(null);
  const reading = useAnswer('task.read', typedOf(draft), pause);
  const isReady = draft.goal.trim() !== '';
  const shown = fault ?? (reading?.ok === false && !lacksTime(draft) ? reading.fault : null);

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!isReady) return;
    const reply = await gestures.saveTask(draft);
    if (reply.ok) onClose();
    else setFault(reply.fault);
  }
  const change = (changed: Partial<Draft>): void => {
    setFault(null);
    setDraft((before) => ({ ...before, ...changed }));
  };
  return (
    <Frame title={say(draft.task === undefined ? 'form.new' : 'form.edit')} size="wide" onClose={onClose}>
      <Form className="form task-form" onSubmit={(event) => void save(event)}>
        <Lines name="goal" draft={draft} onChange={change} />
        <Place draft={draft} onChange={change} />
        <When draft={draft} onChange={change} />
        <Understood draft={draft} read={reading?.ok === true ? reading.value : null} />
        <Lines name="checks" draft={draft} onChange={change} />
        <Lines name="grants" draft={draft} onChange={change} />
        <Amounts draft={draft} onChange={change} />
        {shown !== null && (
          <p className="form-fault" role="alert">
            {tell(shown)}
          </p>
        )}
        <div className="form-foot">
          <Button className="button button-main" type="submit" isDisabled={!isReady}>
            {say(draft.task === undefined ? 'form.add' : 'form.save')}
          </Button>
          <Button className="button" onPress={onClose}>
            {say('dialog.cancel')}
          </Button>
        </div>
      </Form>
    </Frame>
  );
}

/** Nothing was typed yet where a time belongs: that is no mistake. */
function lacksTime({ way, when, missed, within }: Draft): boolean {
  return (way !== 'now' && way !== 'until-done' && when.trim() === '') || (missed === 'within' && within.trim() === '');
}

const pause = 250;

const hints = { goal: '', checks: 'file out.txt matches ^ok', grants: 'write_file:out/*.md' } as const;

function Lines({ name, draft, onChange }: Props & { readonly name: 'goal' | 'checks' | 'grants' }) {
  const { say } = useTexts();
  const help = name === 'goal' ? null : say(`form.${name}Help`);
  return (
    <TextField className="field" value={draft[name]} onChange={(value) => onChange({ [name]: value })} autoFocus={name === 'goal'}>
      <Label>{say(`form.${name}`)}</Label>
      <TextArea rows={Math.min(8, Math.max(2, draft[name].split('\n').length))} placeholder={hints[name]} spellCheck={name === 'goal'} onKeyDown={saveByKey} />
      {help !== null && <Text slot="description">{help}</Text>}
    </TextField>
  );
}

/** Enter is a new line here; with Ctrl it saves. */
function saveByKey(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
}

const asUsual = '';

function Place({ draft, onChange }: Props) {
  const { say } = useTexts();
  const { store } = useParts();
  const models = useWindow((state) => state.models);
  const choose = async (): Promise<void> => {
    const chosen = await store.ask('dialog.folder', {});
    if (chosen?.path != null) onChange({ folder: chosen.path });
  };
  return (
    <div className="form-row">
      <div className="field">
        <span className="setting-label">{say('form.folder')}</span>
        <Button
          className="select"
          aria-label={draft.folder === undefined ? say('folder.choose') : say('folder.chosen', { folder: draft.folder })}
          onPress={() => void choose()}
        >
          <span className="form-path" translate="no">
            {draft.folder ?? say('folder.choose')}
          </span>
          <FolderOpen />
        </Button>
      </div>
      <Choice
        look="field"
        label={say('form.model')}
        options={[...(draft.task === undefined || draft.model === undefined ? [asUsual] : []), ...models.map(({ id }) => id)]}
        value={draft.model ?? asUsual}
        text={(id) => models.find((model) => model.id === id)?.name ?? say('form.modelUsual')}
        onChange={(id) => onChange({ model: id === asUsual ? undefined : id })}
      />
    </div>
  );
}

const examples = { now: '', at: '2026-12-24 18:00', every: '2h', cron: '0 9 * * 1-5', 'until-done': '15m', after: 't5' } as const;

function When({ draft, onChange }: Props) {
  const { say } = useTexts();
  const { way, missed } = draft;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hasTimes = way === 'at' || way === 'every' || way === 'cron';
  return (
    <>
      <Row label={say('form.when')} options={ways} value={way} text={(each) => say(`form.way.${each}`)} onChange={(next) => onChange({ way: next, when: '' })}>
        {way !== 'now' && <Field label={say(`form.typed.${way}`)} hint={examples[way]} value={draft.when} onChange={(when) => onChange({ when })} />}
        {(way === 'at' || way === 'cron') && <Field label={say('form.zone')} hint={here} value={draft.zone} onChange={(zone) => onChange({ zone })} />}
      </Row>
      {hasTimes && (
        <Row
          label={say('form.missed')}
          options={policies}
          value={missed}
          text={(each) => say(`form.missed.${each}`)}
          onChange={(next) => onChange({ missed: next })}
        >
          {missed === 'within' && <Field label={say('form.within')} hint="2h" value={draft.within} onChange={(within) => onChange({ within })} />}
        </Row>
      )}
    </>
  );
}

/** A choice, and beside it what that asks for. */
function Row<T extends string>({ children, ...choice }: ComponentProps<typeof Choice<T>> & { readonly children: ReactNode }) {
  return (
    <div className="form-row">
      <Choice look="field" {...choice} />
      {children}
    </div>
  );
}

/** The schedule as it was understood, and the next times. */
function Understood({ draft, read }: { readonly draft: Draft; readonly read: ReadTask | null }) {
  if (read === null || draft.way === 'now' || keepsSchedule(draft)) return null;
  return (
    <div className="form-read" role="status">
      <DueWords task={read} />
    </div>
  );
}

function Amounts({ draft, onChange }: Props) {
  const { say } = useTexts();
  return (
    <Group className="field" aria-label={say('form.budget')}>
      <span className="setting-label">{say('form.budget')}</span>
      <div className="form-row">
        {(['tokens', 'minutes', 'steps'] as const).map((unit) => (
          <NumberField
            key={unit}
            className="field"
            minValue={0}
            value={draft.budget[unit]}
            onChange={(value) => onChange({ budget: { ...draft.budget, [unit]: value } })}
          >
            <Input placeholder={say('form.unlimited')} />
            <Label>{say(`form.unit.${unit}`)}</Label>
          </NumberField>
        ))}
      </div>
      <span className="setting-help">{say('form.budgetHelp')}</span>
    </Group>
  );
}
