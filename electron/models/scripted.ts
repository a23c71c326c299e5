// A model that says what a script tells it to: for tests, benchmarks and demonstrations. Ships with the product; needs no file and no network.
import { fault } from '../contract/fault.ts';
import type { Profile } from '../contract/model.ts';
import { estimateTokens } from './estimate.ts';
import type { Model, ModelEvent, ModelRequest } from './model.ts';
import { cue, locate } from './script/place.ts';
import { fillIn, readScript, type ScriptGroup, type ScriptLine, unmet } from './script/script.ts';
import { type Speech, speak } from './script/speak.ts';

export type Script = {
  readonly profile?: Partial<Profile>;
  /** Bare lines, said where no group answers; groups answer from the last user message that contains their `when`. */
  readonly lines?: readonly ScriptLine[];
  readonly groups?: readonly ScriptGroup[];
  /** Milliseconds between deltas; 0 if not given. */
  readonly delayMs?: number;
  /** Whether `asked` keeps the requests: true if not given. A script of 10,000 steps is better off without. */
  readonly keepAsked?: boolean;
};

export type ScriptedModel = Model & {
  /** What it was asked so far, oldest first. */
  readonly asked: readonly ModelRequest[];
  /** Throws where an expectation failed, a request found no line, or lines were left unsaid. */
  assertSpent(): void;
};

const standard: Profile = { id: 'scripted:script', name: 'Script', where: 'scripted', contextTokens: 32_768, tier: 'standard' };

/**
 * What a script answers that says nothing about how it judges or sums up its own work; an empty summary is none. A group whose `when` holds the words by
 * which it is asked answers itself.
 */
const unscripted = {
  judgement: { asked: 'Was the goal reached?', answer: 'DONE. The script says nothing else about it.' },
  summary: { asked: 'Sum up the work so far', answer: '' },
} as const;

/** Which line is said follows from the request alone (see script/place.ts); only faults and empty replies are counted in memory. */
export function createScriptedModel(script: Script): ScriptedModel {
  const profile: Profile = { ...standard, ...script.profile };
  const bare = script.lines ?? [];
  const groups = script.groups ?? [];
  const said = new Map<ScriptLine, number>();
  const failures: string[] = [];
  const asked: ModelRequest[] = [];

  const speechOf = (line: ScriptLine, index: number): Speech => ({ profile, line, delayMs: script.delayMs ?? 0, id: (call) => `script_${index}_${call}` });

  async function* generate(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    if (signal.aborted) return;
    const aside = request.purpose === undefined ? null : unscripted[request.purpose];
    const scripted = aside === null || groups.some(({ when }) => when.includes(aside.asked) && request.messages.some(({ text }) => text.includes(when)));
    if (script.keepAsked !== false && (scripted || request.purpose === 'judgement')) asked.push(request);
    // Only a group made for it answers: the goal in the question would choose the group that did the work.
    if (aside !== null && !scripted) return yield* speak(speechOf({ text: aside.answer }, 0), request, signal);
    const place = locate(bare, groups, request.messages);
    const next = cue(place, said);
    const problem = next === null ? `no line is left after ${place.index} replies` : unmet(next.line.expect, request);
    if (next === null || problem !== null) {
      failures.push(problem ?? '');
      yield { type: 'fault', fault: fault('model.script-ended', { detail: problem ?? '' }) };
      return;
    }
    said.set(next.line, Math.max(next.n, said.get(next.line) ?? 0));
    yield* speak(speechOf(fillIn(next.line, next.n), place.index), request, signal);
  }

  function assertSpent(): void {
    const unsaid = [bare, ...groups.map((group) => group.lines)].flat().filter((line) => (said.get(line) ?? 0) < (line.repeat ?? 1));
    const complaints = [...failures, ...unsaid.map((line) => `left unsaid: ${JSON.stringify(line)}`)];
    if (complaints.length > 0) throw new Error(`The script was not followed. ${complaints.join('; ')}`);
  }

  return {
    profile,
    asked,
    generate,
    assertSpent,
    countTokens: async (texts) => texts.map(estimateTokens),
    prefill: async () => undefined,
    close: async () => undefined,
  };
}

/** The model `scripted:script`, from a JSON file. Throws a FaultError where the file can't be used. */
export function openScript(path: string): ScriptedModel {
  const { lines, delayMs, contextTokens, tier } = readScript(path);
  return createScriptedModel({
    lines: lines.flatMap((line) => ('when' in line ? [] : [line])),
    groups: lines.flatMap((line) => ('when' in line ? [line] : [])),
    keepAsked: false,
    profile: { ...(contextTokens === undefined ? {} : { contextTokens }), ...(tier === undefined ? {} : { tier }) },
    ...(delayMs === undefined ? {} : { delayMs }),
  });
}
