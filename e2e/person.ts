// What a person does in the window, by the names they see or hear.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright/test';
import type { Nacre } from './launch.ts';

export type Language = 'en' | 'zh';
type Values = Readonly<Record<string, string | number>>;

export type Person = {
  /** The text that the window shows for a key, in the person's language. */
  text(key: string, values?: Values): string;
  button(key: string, values?: Values): Locator;
  /** Starts another conversation. */
  beginConversation(): Promise<void>;
  /** A conversation of the list. */
  row(title: string): Locator;
  /** Chooses the folder of the conversation in the system's dialog. */
  chooseFolder(folder: string): Promise<void>;
  /** Writes a message and sends it with Enter. */
  say(text: string): Promise<void>;
  /** Hands over work to be done in the background. */
  handOver(text: string): Promise<void>;
  readonly box: Locator;
  readonly thread: Locator;
  readonly answers: Locator;
  /** The question whether a call may happen, by the path or the command it is about. */
  question(title: string): Locator;
  /** Answers that question. */
  allow(title: string): Promise<void>;
  task(goal: string): Locator;
};

export function createPerson({ page, evaluate }: Pick<Nacre, 'page' | 'evaluate'>, language: Language = 'en'): Person {
  const text = readTexts(language);
  const button = (key: string, values?: Values): Locator => page.getByRole('button', { name: text(key, values), exact: true });
  const box = page.getByRole('textbox', { name: text('composer.label'), exact: true });
  const thread = page.getByRole('log', { name: text('thread.label') });
  const question = (title: string): Locator => page.getByRole('group', { name: text('approval.label', { title }), exact: true });
  return {
    text,
    button,
    beginConversation: () => button('list.new').first().click(),
    row: (title) => page.getByRole('grid', { name: text('list.label') }).getByRole('row', { name: title }),
    chooseFolder: async (folder) => {
      await answerDialog(evaluate, folder);
      await button('folder.choose').click();
      await button('folder.chosen', { folder }).waitFor();
    },
    say: async (message) => {
      await box.fill(message);
      await box.press('Enter');
    },
    handOver: async (goal) => {
      await box.fill(goal);
      await button('composer.background').click();
    },
    box,
    thread,
    answers: thread.getByRole('article', { name: text('answer.label'), exact: true }),
    question,
    allow: async (title) => {
      const yes = (key: string): Locator => question(title).getByRole('button', { name: text(key), exact: true });
      await yes('approval.once').or(yes('approval.add')).click();
      await question(title).waitFor({ state: 'hidden' });
    },
    task: (goal) => thread.getByRole('region', { name: text('task.label', { goal }), exact: true }),
  };
}

/** The system's file dialog can't be driven; from now on it answers with this path, or as if it was cancelled. */
export async function answerDialog(evaluate: Nacre['evaluate'], path: string | null): Promise<void> {
  await evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
  }, path);
}

function readTexts(language: Language): (key: string, values?: Values) => string {
  const texts = JSON.parse(readFileSync(join(import.meta.dirname, `../renderer/texts/${language}.json`), 'utf8')) as Record<string, string>;
  return (key, values = {}) => {
    const found = texts[key];
    if (found === undefined) throw new Error(`the window has no text "${key}"`);
    return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}
