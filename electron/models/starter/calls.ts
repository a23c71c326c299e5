// What the Starter may write, few words each because it was trained on them, and which calls of Nacre's tools these stand for.
import type { ToolSpec } from '../model.ts';

/** One short call, with its arguments in the order in which the model writes them. */
export type Short = { readonly name: ShortName; readonly values: Readonly<Record<string, string>> };
export type ShortName = keyof typeof shorts;
export type Meant = { readonly tool: string; readonly arguments: Readonly<Record<string, unknown>> };

const shorts = {
  remind: ['what', 'when'],
  remember: ['fact'],
  recall: ['about'],
  forget: ['about'],
  tasks: [],
  cancel: ['which'],
  change: ['which', 'when'],
  list: ['path'],
  find: ['name'],
  read: ['path'],
  move: ['what', 'to'],
  rename: ['path', 'to'],
  folder: ['name'],
  delete: ['path'],
  total: ['path', 'column'],
  count: ['path'],
  calc: ['sum'],
  convert: ['amount', 'to'],
  time: [],
  date: ['when'],
  run: ['command'],
  background: ['goal'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The grammar comes from these; the model's template prints none of it. */
export const shortTools: readonly ToolSpec[] = Object.entries(shorts).map(([name, values]) => ({
  name,
  description: '',
  parameters: {
    type: 'object',
    properties: Object.fromEntries(values.map((value) => [value, { type: 'string' }])),
    required: values,
    additionalProperties: false,
  },
}));

/** Before the goal of a reminder, so that whoever runs it knows that it is only to be said. */
export const reminderMark = { en: 'Reminder: ', zh: '提醒：' } as const;

/** Null where no tool is needed: sums, units, the time. `now` is what the person's clock shows. */
export function meantBy({ name, values }: Short, language: 'en' | 'zh', now: Date): Meant | null {
  const { what = '', when = '', path = '', to = '', which = '' } = values;
  switch (name) {
    case 'remind':
      return { tool: 'schedule_task', arguments: { goal: reminderMark[language] + what, at: when } };
    case 'remember':
    case 'recall':
    case 'forget':
      return { tool: 'memory', arguments: { [name]: values['fact'] ?? values['about'] } };
    case 'tasks':
      return { tool: 'list_tasks', arguments: {} };
    case 'cancel':
      return { tool: 'change_task', arguments: { task: which } };
    case 'change':
      return { tool: 'change_task', arguments: { task: which, at: when } };
    case 'list':
      return { tool: 'list_files', arguments: { path } };
    case 'find':
      return { tool: 'search_files', arguments: { query: values['name'] } };
    case 'read':
    case 'total':
    case 'count':
      return { tool: 'read_file', arguments: { path } };
    case 'background':
      return { tool: 'start_task', arguments: { goal: values['goal'] } };
    case 'move':
      return command(moving(what, to, now));
    case 'rename':
      return command(`mv -n -- ${quoted(path)} ${quoted(to)}`);
    case 'folder':
      return command(`mkdir -p -- ${quoted(values['name'] ?? '')}`);
    case 'delete':
      return command(`rm -- ${quoted(path)}`);
    case 'run':
      return command(values['command'] ?? '');
    default:
      return null;
  }
}

function command(text: string): Meant {
  return { tool: 'run_command', arguments: { command: text } };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/pdf/i, 'pdf'],
  [/picture|photo|image|图片|照片|screenshot|截图/i, 'jpg jpeg png gif webp heic'],
  [/jpe?g/i, 'jpg jpeg'],
  [/csv/i, 'csv'],
  [/spreadsheet|表格/i, 'xlsx xls ods csv'],
  [/text file|文本/i, 'txt md'],
  [/document|文档/i, 'doc docx odt pdf txt md'],
  [/song|music|歌|音乐/i, 'mp3 flac ogg m4a wav'],
  [/video|视频/i, 'mp4 mov mkv avi webm'],
  [/zip|压缩/i, 'zip tar gz 7z'],
];

/** One file by its name, or all of a kind, perhaps of one month. */
function moving(what: string, to: string, now: Date): string {
  const folder = `mkdir -p -- ${quoted(to)}`;
  const kind = kinds.find(([name]) => name.test(what));
  if (kind === undefined || /\.[a-z0-9]{2,4}$/i.test(what)) return `${folder} && mv -n -- ${quoted(what)} ${quoted(to)}/`;
  const names = kind[1].split(' ').map((ending) => `-iname '*.${ending}'`);
  const [from, until] = /last month|上个?月/.test(what)
    ? [monthStart(now, -1), monthStart(now, 0)]
    : /this month|这个?月|本月/.test(what)
      ? [monthStart(now, 0), null]
      : [null, null];
  const dates = `${from === null ? '' : ` -newermt ${from}`}${until === null ? '' : ` ! -newermt ${until}`}`;
  return `${folder} && find . -maxdepth 1 -type f \\( ${names.join(' -o ')} \\)${dates} -exec mv -n -t ${quoted(to)} -- {} +`;
}

function monthStart(now: Date, ahead: number): string {
  const date = new Date(now.getFullYear(), now.getMonth() + ahead, 1);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-01`;
}
