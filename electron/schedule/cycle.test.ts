import { expect, it } from 'vitest';
import type { Schedule } from '../contract/schedule.ts';
import { cycleTrouble } from './cycle.ts';

const after = (task: number): Schedule => ({ type: 'after', task });
const tasks: Readonly<Record<number, Schedule>> = { 1: after(2), 2: after(3), 3: { type: 'now' }, 7: after(8), 8: after(7), 9: after(99) };
const trouble = (task: number, schedule: Schedule) => cycleTrouble(task, schedule, (id) => tasks[id] ?? null);

it('tasks that would wait for each other in a circle are named', () => {
  expect(trouble(3, after(1))).toBe('t3 would wait for t1, which waits for t2, which waits for t3: none of them would ever begin. Choose another task.');
  expect(trouble(3, after(3))).toBe('t3 would wait for itself and never begin. Choose another task.');
});

it('a chain that ends, one that leads to a task that is gone, and a circle of others are no circle of this one', () => {
  expect([trouble(4, after(1)), trouble(4, after(9)), trouble(4, after(7)), trouble(1, { type: 'now' })]).toEqual([null, null, null, null]);
});
