// What the person (and the computer) has done so far in a random history: what was accepted must never be lost, and each thing done is followed by a check.
import { FaultError } from '../../electron/contract/fault.ts';
import type { Work } from '../../electron/work.ts';
import type { Person } from './truth/accepted.ts';
import { checkAll, checkQuickly } from './truth/invariants.ts';
import type { World } from './world/life.ts';
import { mostMoments, oneMoment } from './world/world.ts';

export function newPerson(): Person {
  return { posted: [], handed: [], entries: new Map() };
}

export type Answered = 'acknowledged' | 'refused' | 'cut off';

/** Does one thing, lets everything come to rest, opens the file again where the power was cut, and looks whether all is as it must be. */
export async function act(world: World, person: Person, thing: (work: Work) => unknown): Promise<Answered> {
  const answered = await attempt(world, thing);
  if (!world.life.dead) await world.settle();
  if (world.life.dead) await comeBack(world, person, 1_000, null);
  else checkQuickly(world, person);
  return answered;
}

export async function comeBack(world: World, person: Person, downMs: number, secondFuse: number | null): Promise<void> {
  await world.recover(downMs, secondFuse);
  checkAll(world, person);
}

/** A refusal in words is an answer; anything else that is thrown is a defect. */
async function attempt(world: World, thing: (work: Work) => unknown): Promise<Answered> {
  let answered: Answered | null = null;
  let defect: unknown = null;
  const life = world.life;
  const settled = (async () => thing(life.work))().then(
    () => (answered = 'acknowledged'),
    (error: unknown) => {
      if (life.dead) answered = 'cut off';
      else if (error instanceof FaultError && error.fault.code !== 'app.defect') answered = 'refused';
      else defect = error;
    },
  );
  for (let round = 0; round < mostMoments && answered === null && defect === null && !life.dead; round++) await Promise.race([settled, oneMoment(round)]);
  if (defect !== null) throw defect;
  if (answered === null && !life.dead) throw new Error('what was asked was never answered');
  return answered ?? 'cut off';
}
