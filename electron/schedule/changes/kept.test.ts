import { describe, expect, it } from 'vitest';
import { type Kept, lookOf, notice, readKept, troubleOf } from './kept.ts';
import type { Look } from './look.ts';

const path = '/home/me/inbox';
const now = Date.UTC(2026, 10, 21, 8);
const minute = 60_000;
const seen = (print: string): Look => ({ type: 'seen', print });
const calm: Kept = { path, print: 'a', trouble: null, firedAt: 0, chain: 0 };
const at = { now, isEcho: false, isPaused: false };
const told = (kept: Kept) => troubleOf({ type: 'after-change', path }, JSON.stringify(kept))?.message ?? null;

describe('a file or folder that a task waits for', () => {
  it('at the first look only says how it is, whatever that is', () => {
    for (const look of [seen('a'), { type: 'gone' }, { type: 'unreadable', reason: 'EACCES' }] as const)
      expect(notice(path, null, look, at)).toMatchObject({ due: null, skipped: null });
  });

  it('begins the task when it changes, and when it appears', () => {
    expect(notice(path, calm, seen('b'), at)).toEqual({ kept: { ...calm, print: 'b' }, due: now, skipped: null });
    expect(notice(path, { ...calm, print: null }, seen('b'), at).due).toBe(now);
    expect(notice(path, calm, seen('a'), at).due).toBeNull();
  });

  it('that vanishes is recorded once and told, and begins the task when it is there again, though it be the same', () => {
    const gone = notice(path, calm, { type: 'gone' }, at);
    expect(gone).toMatchObject({ due: null, skipped: 'gone' });
    expect(told(gone.kept)).toBe('/home/me/inbox is gone. The task waits until it is there again.');
    expect(lookOf(gone.kept)).toEqual({ type: 'gone' });
    const back = notice(path, gone.kept, seen('a'), at);
    expect([back.due, told(back.kept)]).toEqual([now, null]);
  });

  it('that can not be read is told with the reason, and begins nothing when it can be read again and is the same', () => {
    const shut = notice(path, calm, { type: 'unreadable', reason: 'EACCES' }, at);
    expect(shut).toMatchObject({ due: null, skipped: 'unreadable' });
    expect(told(shut.kept)).toBe('/home/me/inbox can not be watched (EACCES). The task waits until it can.');
    expect(notice(path, shut.kept, seen('a'), at)).toEqual({ kept: calm, due: null, skipped: null });
    expect(notice(path, shut.kept, seen('b'), at).due).toBe(now);
  });

  it('that changes while the task is paused is recorded and begins nothing, then or later', () => {
    const paused = notice(path, calm, seen('b'), { ...at, isPaused: true });
    expect(paused).toMatchObject({ due: null, skipped: 'paused' });
    expect(notice(path, paused.kept, seen('b'), at).due).toBeNull();
  });

  it('begins the task at most once a minute', () => {
    expect(notice(path, { ...calm, firedAt: now - 10_000 }, seen('b'), at).due).toBe(now + 50_000);
    expect(notice(path, { ...calm, firedAt: now - 61_000 }, seen('b'), at).due).toBe(now);
  });

  it('that the task changes itself begins it ever more rarely, down to once an hour, and at once when it is somebody else again', () => {
    const pauses: number[] = [];
    let kept: Kept = { ...calm, firedAt: now };
    for (let round = 0; round < 8; round++) {
      const found = notice(path, kept, seen(`round ${round}`), { ...at, isEcho: true });
      pauses.push(((found.due ?? 0) - now) / minute);
      kept = { ...found.kept, firedAt: now };
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
    expect(notice(path, kept, seen('other'), at)).toMatchObject({ due: now + minute, kept: { chain: 0 } });
  });

  it('after a clock that was years ahead is not put off by years', () => {
    expect(notice(path, { ...calm, firedAt: Date.UTC(2036, 0, 1) }, seen('b'), at).due).toBe(now);
  });

  it('of another path than before is looked at anew', () => {
    expect([readKept(JSON.stringify(calm), path), readKept(JSON.stringify(calm), '/other'), readKept(null, path)]).toEqual([calm, null, null]);
  });
});
