// The few words that the desktop says outside the window: notifications and the tray.
export type Language = 'en' | 'zh';

export const desktopTexts = {
  en: {
    open: 'Open Nacre',
    quit: 'Quit',
    call: 'Nacre waits for your answer',
    budget: 'A task has spent its budget; may it go on?',
    trouble: 'A task is in trouble; may it go on?',
    done: 'A task is done',
    failed: 'A task failed',
    stopped: 'A task was stopped',
    unknown: 'A task ended; please check it',
    stillWorking: 'Nacre goes on working',
    stillWorkingBody: 'Open it again from the tray, or by starting it once more.',
  },
  zh: {
    open: '打开 Nacre',
    quit: '退出',
    call: 'Nacre 在等你答复',
    budget: '一个任务的预算用完了，要继续吗？',
    trouble: '一个任务遇到了麻烦，要继续吗？',
    done: '任务已完成',
    failed: '任务失败了',
    stopped: '任务已停止',
    unknown: '任务已结束，请检查结果',
    stillWorking: 'Nacre 仍在工作',
    stillWorkingBody: '可从托盘图标或再次启动来打开窗口。',
  },
} as const;

/** The language of the settings, else that of the system. */
export function desktopLanguage(setting: 'system' | Language, locale: string): Language {
  if (setting !== 'system') return setting;
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
