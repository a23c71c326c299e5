// A schedule as people say it, in English and Chinese, and the times it comes next.

import type { Schedule } from '../contract/schedule.ts';
import type { Language } from '../contract/words.ts';
import { sayCron } from './cron-words.ts';
import { dueBetween } from './recurrence.ts';
import { sayDuration, sayEvery } from './time/duration.ts';
import { zoneOf } from './time/zone.ts';

export type Speech = {
  readonly language: Language;
  /** The person's own zone: times without one of their own are said in it. */
  readonly zone: string;
  readonly now: number;
};

/** "every weekday at 09:00 (Europe/Berlin)". A pattern too unusual for words is quoted, with its next three times. */
export function sayInWords(schedule: Schedule, speech: Speech): string {
  const isChinese = speech.language === 'zh';
  switch (schedule.type) {
    case 'now':
      return isChinese ? '现在' : 'now';
    case 'at':
      return isChinese ? `${sayTime(schedule.at, speech)}（${speech.zone}）` : `at ${sayTime(schedule.at, speech)} (${speech.zone})`;
    case 'every':
      return sayEvery(schedule.ms, speech.language);
    case 'cron':
      return sayPattern(schedule, speech);
    case 'until-done': {
      const pause = sayDuration(schedule.pauseMs, speech.language);
      return isChinese ? `直到完成，每轮之间停${pause}` : `until it is done, with a pause of ${pause} between rounds`;
    }
    case 'after-change':
      return isChinese ? `${schedule.path} 有变化时` : `whenever ${schedule.path} changes`;
    case 'after':
      return isChinese ? `任务 t${schedule.task} 完成之后` : `after task t${schedule.task} is done`;
  }
}

/** The next `most` times, in the schedule's own zone where it has one, else in the person's. */
export function sayNextTimes(schedule: Schedule, speech: Speech, most = 3): string[] {
  const zone = schedule.type === 'cron' ? schedule.zone : speech.zone;
  return dueBetween(schedule, speech.now, Number.MAX_SAFE_INTEGER, most).map((due) => sayTime(due, { ...speech, zone }));
}

/** "Sun 22 Nov 2026, 09:00"; "2026年11月22日 周日 09:00". */
export function sayTime(instant: number, { language, zone }: Pick<Speech, 'language' | 'zone'>): string {
  const wall = new Date(zoneOf(zone)?.wall(instant) ?? instant);
  const [weekday = '', day = '', month = '', year = '', time = ''] = wall.toUTCString().match(/[A-Z][a-z]+|\d\d:\d\d|[1-9]\d*/g) ?? [];
  if (language === 'zh') return `${year}年${wall.getUTCMonth() + 1}月${day}日 周${'日一二三四五六'[wall.getUTCDay()]} ${time}`;
  return `${weekday} ${day} ${month} ${year}, ${time}`;
}

function sayPattern(schedule: Extract<Schedule, { type: 'cron' }>, speech: Speech): string {
  const words = sayCron(schedule.pattern, speech.language);
  const isChinese = speech.language === 'zh';
  if (words !== null) return isChinese ? `${words}（${schedule.zone}）` : `${words} (${schedule.zone})`;
  const next = sayNextTimes(schedule, speech).join(isChinese ? '、' : '; ');
  return isChinese ? `按“${schedule.pattern}”（${schedule.zone}），接下来：${next}` : `by the pattern "${schedule.pattern}" (${schedule.zone}), next: ${next}`;
}
