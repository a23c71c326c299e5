// Shows a run as it happens, for a person or as JSON lines, and how it ended.
import type { Approval } from '../../contract/approval.ts';
import type { Event } from '../../contract/event.ts';
import { fill } from '../../contract/tell.ts';
import { exitCode } from '../exit.ts';
import { exact, type Terminal } from '../terminal.ts';
import type { Texts } from '../texts/texts.ts';
import type { Ending } from './follow.ts';

/** For one run. Where stdout is a terminal the answer appears word by word; else only the final text is printed, because what was withdrawn can't be taken back from a pipe. */
export function createPrinter(terminal: Terminal, texts: Texts) {
  /** What was shown of the step that streams now, or of the last one. */
  let shown = '';
  let stepOver = true;
  let lineOpen = false;
  const write = (text: string): void => {
    if (text === '') return;
    terminal.answer(text);
    lineOpen = !text.endsWith('\n');
  };
  const breakLine = (): void => {
    if (lineOpen) write('\n');
  };
  const note = (text: string): void => {
    breakLine();
    terminal.note(text);
  };
  const add = (delta: string): void => {
    if (!terminal.live) return;
    shown = stepOver ? delta : shown + delta;
    stepOver = false;
    write(delta);
  };
  const endStep = (): void => {
    stepOver = true;
    breakLine();
  };
  return {
    event: (event: Event): void => {
      terminal.line(event);
      if (event.type === 'text.added') add(event.delta);
      if (event.type === 'step.ended' || event.type === 'text.withdrawn') endStep();
      if (event.type === 'text.withdrawn' && shown !== '') note(texts.withdrawn);
      const text = describe(event, texts);
      if (text !== null) note(text);
    },
    /** Returns the exit code. */
    end: (ending: Ending): number => {
      breakLine();
      if (shown.trim() !== ending.text.trim()) write(ending.text);
      breakLine();
      terminal.line({ type: 'run.ended', ...ending, usage: ending.usage ?? noUsage });
      sayEnding(ending, terminal, texts);
      return codeFor(ending);
    },
  };
}

/** A question as the person must see it before saying yes: every byte of what would be written or run. */
export function describeApproval(approval: Approval, texts: Texts): string {
  const { about, tool, title, where, payload, before, caution } = approval;
  if (about !== 'call') return exact(`${title}\n${payload}`);
  const replaced = before === null ? [] : [fill(texts.replaces, { bytes: Buffer.byteLength(before) })];
  const lines = [
    fill(texts.asks, { tool, title }),
    fill(texts.inFolder, { where }),
    ...replaced,
    ...(caution === null ? [] : [`  ! ${caution.message}`]),
    ...payload.split('\n').map((line) => `  │ ${line}`),
  ];
  return exact(lines.join('\n'));
}

const noUsage = { read: 0, reused: 0, written: 0, prefillMs: 0, decodeMs: 0 };

function describe(event: Event, texts: Texts): string | null {
  switch (event.type) {
    case 'call.changed':
      return event.call.state === 'asking' ? null : `· ${event.call.tool} ${event.call.title} (${event.call.state})`;
    case 'run.noticed':
    case 'app.noticed':
      return event.fault.message;
    case 'run.phase':
      if (event.phase.type === 'loading' && event.phase.progress === 0) return texts.loading;
      return event.phase.type === 'retrying' ? fill(texts.retrying, { seconds: event.phase.seconds }) : null;
    default:
      return null;
  }
}

function sayEnding(ending: Ending, terminal: Terminal, texts: Texts): void {
  if (ending.outcome === 'stopped') terminal.note(texts.stopped);
  if (ending.outcome === 'unknown') terminal.note(fill(texts.unknown, { run: ending.run }));
  if (ending.fault !== null) terminal.say(ending.fault.message);
}

function codeFor({ outcome }: Ending): number {
  if (outcome === 'done') return exitCode.done;
  return outcome === 'waiting' ? exitCode.waiting : exitCode.failed;
}
