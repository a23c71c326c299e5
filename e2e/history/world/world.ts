// The world of one random history: a clock, a disk, effects that outlive every crash, and Nacre, which may lose its power at any write or effect.
import { join } from 'node:path';
import { FaultError, fault } from '../../../electron/contract/fault.ts';
import type { Lane } from '../../../electron/contract/run.ts';
import type { Db } from '../../../electron/journal/open.ts';
import { silentLog } from '../../../electron/log.ts';
import { composeWork, type Work } from '../../../electron/work.ts';
import type { Disk } from './disk.ts';
import { makeEffects } from './effects.ts';
import type { Bug, Life, World } from './life.ts';
import { makeMind } from './mind.ts';
import type { Timers } from './timers.ts';

/** Thrown where the power is cut; from then on nothing of that life reaches the disk. */
class PowerCut extends Error {
  constructor(place: string) {
    super(`the power was cut at ${place}`);
    this.name = 'PowerCut';
  }
}

/** Tasks and turns at work at the same time; the world's own copy, to notice a lane that starves. */
/** Runs at once: of chat, and of all others together. */
const room = { chat: 4, others: 2 } as const;
const immediate = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** A millisecond of real time, whatever the timers of the history say. */
const realTimer = globalThis.setTimeout;
const shortly = (): Promise<void> => new Promise((resolve) => realTimer(resolve, 1));

export const mostMoments = 5_000;

/** Most is done within a few turns of the event loop; where real files are looked at, it takes a little longer. */
export function oneMoment(round: number): Promise<void> {
  return round < 50 ? immediate() : shortly();
}

export type Beginning = { readonly disk: Disk; readonly timers: Timers; readonly seed: number; readonly bug: Bug };

export function createWorld({ disk, timers, seed, bug }: Beginning): World {
  disk.empty();
  let number = 0;
  const world: World = {
    life: undefined as unknown as Life,
    disk,
    bug,
    timers,
    time: 1_780_000_000_000,
    fuse: null,
    calm: false,
    diskIsFull: false,
    effects: new Map(),
    crashes: 0,
    durable: 0,
    dice: createDice(seed),
    nextNumber: () => ++number,
    settle: () => settle(world),
    recover: (downMs, secondFuse) => recover(world, downMs, secondFuse),
    pass: async (ms) => {
      for (let left = ms; left > 0 && !world.life.dead; left -= 15_000) {
        const step = Math.min(15_000, left);
        world.time += step;
        timers.advance(step);
        await world.settle();
      }
    },
    close: () => end(world),
  };
  world.life = openLife(world);
  return world;
}

function openLife(world: World): Life {
  const raw = world.disk.db();
  const life: Mutable<Life> = {
    dead: false,
    gates: [],
    raw,
    work: undefined as unknown as Work,
    pass: (place) => {
      if (life.dead) throw new PowerCut(place);
      if (world.fuse === null || --world.fuse > 0) return;
      Object.assign(world, { fuse: null });
      life.dead = true;
      throw new PowerCut(place);
    },
    gate: (run, signal) =>
      new Promise((resolve) => {
        const release = (): void => {
          signal.removeEventListener('abort', release);
          if (life.dead) return;
          life.gates.splice(life.gates.indexOf(gate), 1);
          resolve();
        };
        const gate = { run, release };
        life.gates.push(gate);
        signal.addEventListener('abort', release);
      }),
  };
  life.work = composeWork({
    db: fragile(world, life, raw),
    log: silentLog,
    tools: makeEffects(world, life),
    scratch: join(world.disk.folder, 'runs'),
    now: () => world.time,
    openModel: async (run) => makeMind(world, life, run),
    announce: () => undefined,
    language: () => 'en',
  });
  return life;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The file as this life sees it: every commit is a place where the power may be cut, before or after; a dead life reaches it no more. */
function fragile(world: World, life: Life, raw: Db): Db {
  let inside = false;
  return {
    ...raw,
    prepare: <Row>(sql: string) => {
      const statement = raw.prepare<Row>(world.bug.rewrite?.(sql) ?? sql);
      const alive = (): typeof statement => {
        if (life.dead) throw new PowerCut('a statement');
        return statement;
      };
      return {
        run: (...params) => (world.bug.drops?.(sql, params) === true ? { changes: 1, lastInsertRowid: 0 } : alive().run(...params)),
        get: (...params) => alive().get(...params),
        all: (...params) => alive().all(...params),
      };
    },
    commit: <T>(name: string, work: () => T): T => {
      if (inside) return work();
      if (life.dead) throw new PowerCut(name);
      if (world.diskIsFull) throw new FaultError(fault('app.disk-full', { folder: world.disk.folder }));
      world.disk.keep();
      inside = true;
      try {
        const value = raw.commit(name, () => {
          const result = work();
          life.pass(`${name}.before`);
          return result;
        });
        life.pass(`${name}.after`);
        world.durable = raw.prepare<{ id: number | null }>('SELECT max(id) AS id FROM entry').get()?.id ?? 0;
        return value;
      } finally {
        inside = false;
      }
    },
  };
}

/** Nothing moves any more when every running run stands at a gate and nothing that could begin is queued. */
async function settle(world: World): Promise<void> {
  let left = '';
  for (let round = 0; round < mostMoments; round++) {
    await oneMoment(round);
    if (world.life.dead || world.diskIsFull) return;
    left = leftBehind(world.life);
    if (left === '') return;
  }
  throw new Error(left);
}

function leftBehind({ raw, gates }: Life): string {
  type Open = { readonly id: number; readonly lane: Lane; readonly state: string; readonly task: number | null };
  const open = raw.prepare<Open>(`SELECT id, lane, state, task FROM run WHERE state IN ('queued', 'running')`).all();
  const running = open.filter(({ state }) => state === 'running');
  const alone = running.find(({ id }) => !gates.some(({ run }) => run === id));
  if (alone !== undefined) return `run ${alone.id} is running, but nobody works on it`;
  const chats = running.filter(({ lane }) => lane === 'chat').length;
  // Firings of one task run one after another.
  const mayBegin = ({ lane, task }: Open): boolean =>
    lane === 'chat' ? chats < room.chat : running.length - chats < room.others && !running.some((run) => task !== null && run.task === task);
  const starved = open.find((run) => run.state === 'queued' && mayBegin(run));
  return starved === undefined ? '' : `run ${starved.id} is queued in the lane ${starved.lane}, where there is room, and does not begin`;
}

/** What a commit leaves on disk is the same whether the process or only its memory is gone, so the file is opened anew at every third crash. */
async function recover(world: World, downMs: number, secondFuse: number | null): Promise<void> {
  world.crashes += 1;
  world.life.dead = true;
  await immediate();
  end(world);
  if (world.bug.losesLastCommit === true || world.dice(3) === 0) world.disk.reopen();
  world.time += downMs;
  world.fuse = secondFuse;
  world.diskIsFull = false;
  world.life = openLife(world);
  try {
    world.life.work.worker.start();
    world.life.work.clock.start();
    await world.settle();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  if (world.life.dead) await recover(world, 1, null);
  world.fuse = null;
}

function end({ life, timers }: World): void {
  life.dead = true;
  timers.clear();
}

/** Mulberry32: the same seed gives the same history. */
function createDice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
