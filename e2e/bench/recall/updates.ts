// recall-updates: facts that change. The newer value must rank above the older one, and the older one be found when the past is asked about.
import { type Bench, percentile, round } from '../figure.ts';
import { type Line, makeMemory } from './store.ts';

type Pair = { readonly older: string; readonly newer: string; readonly now: string; readonly past: string };
/** What is said first, what later, and how both are asked for. `N` is a name, `O` and `W` the older and the newer value. */
type Pattern = readonly [older: string, newer: string, now: string, past: string];

const patterns: readonly Pattern[] = [
  ["N's phone number is O.", "N's phone number is W now.", "What is N's phone number?", "What was N's old phone number?"],
  ['N lives in O, near the station.', 'N moved last week and lives in W.', 'Where does N live?', 'Where did N live before?'],
  ['N works at O as an engineer.', 'N started a new job and works at W.', 'Where does N work?', 'Where did N work previously?'],
  ['The meeting with N is on O at ten.', 'The meeting with N has been put off to W.', 'When is the meeting with N?', 'When was the meeting with N originally?'],
  ["N's favourite dish is O.", "These days N's favourite dish is W.", "What is N's favourite dish?", "What was N's favourite dish earlier?"],
  ['N drives an old O.', 'N sold it and drives a W.', 'What car does N drive?', 'What car did N use to drive? What was the first one N drives?'],
];
const names = 'Adele Boris Carmen Dmitri Elif Farid Greta Hideo Irene Jamal Katya Lorenz Mireille Nadim Olga Pavel Quirin Rosa Silas Tamara'.split(' ');
const families = 'Albrecht Bonnard Castillo Duarte Eklund Ferreira Galloway Holst Ivanov Jansen Keller Lindqvist Moreau Novak Okafor'.split(' ');
const pairs = 300;

/** Between the two, and after them, other things are said: every tenth line belongs to a pair. */
export const recallUpdates: Bench = async () => {
  const made = Array.from({ length: pairs }, (_, at) => makePair(at));
  const bed = makeMemory();
  try {
    const space = await bed.add(script(made), 'updates');
    const times: number[] = [];
    let [above, reachable, first] = [0, 0, 0];
    for (const [at, { now, past }] of made.entries()) {
      const from = performance.now();
      const order = (await bed.memory.search({ query: now, limit: 20 }, space)).flatMap(({ source }) => source);
      times.push(performance.now() - from);
      const [newer, older] = [order.indexOf(`w${at}`), order.indexOf(`o${at}`)];
      if (newer >= 0 && (older < 0 || newer < older)) above += 1;
      if (newer === 0) first += 1;
      const then = (await bed.memory.search({ query: past, limit: 5 }, space)).flatMap(({ source }) => source);
      if (then.includes(`o${at}`)) reachable += 1;
    }
    const percent = (count: number): number => round((100 * count) / pairs, 1);
    return [
      {
        name: 'recall-updates',
        value: percent(above),
        unit: '% newest ranks above',
        goal: '95',
        newestFirst: percent(first),
        olderAmongFiveWhenPastAsked: percent(reachable),
        pairs,
        p99Ms: round(percentile(times, 0.99)),
      },
    ];
  } finally {
    bed.close();
  }
};

function makePair(at: number): Pair {
  const [older = '', newer = '', now = '', past = ''] = patterns[at % patterns.length] ?? [];
  const name = `${names[at % names.length]} ${families[Math.floor(at / names.length) % families.length]}`;
  const fill = (text: string): string => text.replaceAll('N', name).replace('O', value(at, 0)).replace('W', value(at, 1));
  return { older: fill(older), newer: fill(newer), now: now.replaceAll('N', name), past: past.replaceAll('N', name) };
}

function value(at: number, turn: number): string {
  const number = at * 2 + turn;
  if (at % patterns.length === 0) return `555-${String(1000 + number * 7)}`;
  return `${['Vel', 'Mor', 'Tan', 'Kir', 'Sol', 'Dun', 'Bas'][number % 7]}${['heim', 'ora', 'field', 'ask', 'une'][number % 5]}${number}`;
}

function script(made: readonly Pair[]): Line[] {
  const lines: Line[] = [];
  const say = (id: string, text: string): void => {
    const at = new Date(Date.UTC(2024, 0, 1) + lines.length * 7_200_000).toISOString();
    lines.push({ id, at, author: lines.length % 2 === 0 ? 'person' : 'Nacre', text });
  };
  const chat = (): void => {
    for (let other = 0; other < 9; other++)
      say(`x${lines.length}`, `We talked about ${names[(lines.length * 7) % names.length]} and the weather in week ${lines.length % 52}.`);
  };
  for (const [at, { older }] of made.entries()) {
    say(`o${at}`, older);
    chat();
  }
  for (const [at, { newer }] of made.entries()) {
    say(`w${at}`, newer);
    chat();
  }
  return lines;
}
