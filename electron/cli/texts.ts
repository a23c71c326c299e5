// What the command line says, in English and in Chinese. Faults bring their own sentences.
const en = {
  about: 'A personal assistant that lives on your laptop.',
  optionData: 'the data folder (or NACRE_DATA)',
  optionJson: 'JSON lines only on stdout',
  optionFolder: 'the folder in which it may act',
  optionConversation: 'the conversation with this title; made if there is none',
  optionModel: 'the model, by id or name',
  optionApprove: 'what happens with calls that ask first: ask the person, deny them, or allow them inside the folder',
  ask: 'Ask once and print the answer. "-" reads the text from stdin.',
  chat: 'Chat in the terminal.',
  language: 'en',
  task: 'Work in the background.',
  work: 'Go on with whatever is queued or was interrupted.',
  optionUntilIdle: 'end when nothing is left to do',
  run: 'What happened in a run.',
  model: 'Which models there are.',
  conversation: 'Conversations.',
  approvals: 'Questions that wait for you.',
  doctor: 'Check that everything Nacre needs is there.',

  stopped: 'Stopped.',
  unknown: 'It is not known whether the last step happened. `nacre run show r{{run}}` shows what was recorded.',
  waits: 'This run waits ({{reason}}).',
  waitsForYou: 'It waits for you: {{tool}}, {{title}}. Answer with `nacre approvals allow {{id}}` or `deny {{id}}`, then `nacre work --until-idle`.',
  loading: 'Loading the model …',
  retrying: 'Trying again in {{seconds}} s …',
  withdrawn: '(reading this step again)',
  asks: 'Nacre asks to use {{tool}}: {{title}}',
  inFolder: 'in {{where}}',
  replaces: 'replacing a file that holds {{bytes}} bytes now',
  allow: 'Allow? [y] once  [c] in this conversation  [n] no: ',

  chatHello: 'Nacre. Write a message; Ctrl-C stops an answer, a second one leaves.',
  chatNoModel: [
    'No model is set up yet. Everything here works offline; there are three ways on:',
    '  nacre model import FILE.gguf                   a model file on this machine, or hf:owner/repo:quant',
    '  nacre model add-remote NAME --base-url URL --model ID --key-env VAR',
    '  or write "demo" to look around with the built-in demo (a script, not a language model).',
  ].join('\n'),
  chatDemo: 'This is the built-in demo: it follows a short script and understands nothing.',
  chatLeave: 'Ctrl-C again, or Ctrl-D, leaves.',

  taskAdded: 'Task t{{id}} is recorded. It runs while Nacre is open; `nacre work --until-idle` works on it here.',
  taskScheduled: 'Task t{{id}} is recorded: {{words}}. Next: {{next}}. It runs while Nacre is open; `nacre work` keeps watch here.',
  taskRemoved: 'Task t{{id}} is gone.',
  optionAt: 'run it once at this time: "2026-11-22 09:00", "tomorrow 9:00", "in 20 minutes"',
  optionEvery: 'run it again and again: 30m, 2h, 1d',
  optionCron: 'five fields, as in "0 9 * * 1-5"',
  optionZone: 'the time zone for --at and --cron, as in Europe/Berlin',
  optionAfter: 'run it when this task is done, or whenever this file or folder changes: t5, ./inbox',
  optionMissed: 'what to do with times missed while off: skip, once (default), all, within:2h',
  none: 'None.',
  working: 'Working. Ctrl-C ends; what is not finished goes on the next time.',
  idle: 'Nothing is left to do.',
  'rest.battery': 'On battery: work in the background waits for mains power.',
  'rest.heat': 'The computer is hot: work in the background waits until it has cooled down.',
  'rest.quiet': 'Quiet hours: work in the background waits until they are over.',
  'rest.over': 'Work in the background goes on.',
  imported: 'Model {{id}} is ready.',
  downloading: '{{received}} of {{total}} MB',
  downloadStopped: 'The download was stopped; what was fetched is kept.',
  keyInFile: 'There is no keychain here, so the key was written to a file in the data folder that only you can read. --key-env keeps it out of files.',
  nowUsed: '{{id}} is used from now on.',
  removed: '{{id}} was removed.',
  answered: 'Answered. The run goes on while Nacre is open, or with `nacre work --until-idle`.',
};

export type Texts = typeof en;

const zh: Texts = {
  about: '住在你笔记本里的个人助手。',
  optionData: '数据文件夹（或 NACRE_DATA）',
  optionJson: '标准输出只写 JSON 行',
  optionFolder: '允许它操作的文件夹',
  optionConversation: '使用这个标题的对话；没有就新建',
  optionModel: '模型的标识或名称',
  optionApprove: '需要先询问的操作怎么办：询问你、拒绝，或在文件夹内允许',
  ask: '提一个问题并打印回答。“-”表示从标准输入读取。',
  chat: '在终端里聊天。',
  language: 'zh',
  task: '后台任务。',
  work: '继续排队或被中断的工作。',
  optionUntilIdle: '没有事可做时结束',
  run: '查看一次运行的经过。',
  model: '管理模型。',
  conversation: '管理对话。',
  approvals: '等待你答复的请求。',
  doctor: '检查 Nacre 需要的东西是否齐全。',

  stopped: '已停止。',
  unknown: '不清楚最后一步是否已经发生。`nacre run show r{{run}}` 可以查看记录。',
  waits: '这次运行在等待（{{reason}}）。',
  waitsForYou: '它在等你：{{tool}}，{{title}}。用 `nacre approvals allow {{id}}` 或 `deny {{id}}` 答复，然后运行 `nacre work --until-idle`。',
  loading: '正在加载模型……',
  retrying: '{{seconds}} 秒后重试……',
  withdrawn: '（这一步重新来过）',
  asks: 'Nacre 请求使用 {{tool}}：{{title}}',
  inFolder: '位置：{{where}}',
  replaces: '会替换一个现有 {{bytes}} 字节的文件',
  allow: '允许吗？[y] 仅此一次  [c] 本次对话  [n] 不允许：',

  chatHello: 'Nacre。写一条消息；Ctrl-C 停止回答，再按一次离开。',
  chatNoModel: [
    '还没有设置模型。这里的一切都可以离线使用，接下来有三种办法：',
    '  nacre model import FILE.gguf                   本机的模型文件，或 hf:owner/repo:quant',
    '  nacre model add-remote NAME --base-url URL --model ID --key-env VAR',
    '  或者输入 demo，用内置演示随便看看（只是一段脚本，不是语言模型）。',
  ].join('\n'),
  chatDemo: '这是内置演示：它只按一小段脚本回答，并不理解内容。',
  chatLeave: '再按一次 Ctrl-C，或按 Ctrl-D，即可离开。',

  taskAdded: '任务 t{{id}} 已记录。Nacre 打开时它会运行；`nacre work --until-idle` 可以在这里完成它。',
  taskScheduled: '任务 t{{id}} 已记录：{{words}}。接下来：{{next}}。Nacre 打开时它会运行；`nacre work` 可以在这里一直守候。',
  taskRemoved: '任务 t{{id}} 已移除。',
  optionAt: '在这个时间运行一次："2026-11-22 09:00"、"tomorrow 9:00"、"in 20 minutes"',
  optionEvery: '反复运行：30m、2h、1d',
  optionCron: '五个字段，例如 "0 9 * * 1-5"',
  optionZone: '--at 和 --cron 的时区，例如 Asia/Shanghai',
  optionAfter: '在这个任务完成后运行，或在这个文件或文件夹每次变化时运行：t5、./inbox',
  optionMissed: '关机期间错过的时间怎么办：skip、once（默认）、all、within:2h',
  none: '没有。',
  working: '正在工作。按 Ctrl-C 结束；没做完的下次继续。',
  idle: '没有剩下的工作了。',
  'rest.battery': '正在使用电池：后台工作等接通电源后继续。',
  'rest.heat': '电脑过热：后台工作等降温后继续。',
  'rest.quiet': '安静时段：后台工作等时段结束后继续。',
  'rest.over': '后台工作继续进行。',
  imported: '模型 {{id}} 可以用了。',
  downloading: '{{received}} / {{total}} MB',
  downloadStopped: '下载已停止；已经下载的部分会保留。',
  keyInFile: '这里没有钥匙串，所以密钥写进了数据文件夹里只有你能读取的文件。使用 --key-env 可以不写入文件。',
  nowUsed: '现在起使用 {{id}}。',
  removed: '已移除 {{id}}。',
  answered: '已答复。Nacre 打开时这次运行会继续，也可以运行 `nacre work --until-idle`。',
};

export function textsFor(locale: string): Texts {
  return /^zh\b/i.test(locale) ? zh : en;
}

/** Fills `{{name}}` from `values`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** The language tag of a terminal: `zh_CN.UTF-8` is zh-CN; C and POSIX are English. */
export function localeOf(env: Readonly<Record<string, string | undefined>>): string {
  const set = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || Intl.DateTimeFormat().resolvedOptions().locale;
  const tag = set.replace(/[.@].*$/, '').replace('_', '-');
  return /^[a-z]{2,3}(-|$)/i.test(tag) ? tag : 'en';
}
