// From a listed remote model to one that answers.
import { type Fault, fault } from '../../contract/fault.ts';
import type { Profile, PromptTier } from '../../contract/model.ts';
import type { RemoteListed } from '../catalogue.ts';
import type { Model } from '../model.ts';
import { anthropicApi } from './anthropic.ts';
import type { Api } from './exchange.ts';
import { openaiApi } from './openai.ts';
import { checkRemote, createRemoteModel, type Endpoint, type RemoteParts } from './remote.ts';

/** What an endpoint reads at most where the person did not say. A smaller one refuses with its own words; assuming less would shorten silently. */
const usualContext = { openai: 131_072, anthropic: 200_000 } as const;

export function openRemote(listed: RemoteListed, parts: RemoteParts): Model {
  return createRemoteModel(endpointOf(listed, parts), apiOf(listed));
}

/** One tiny request; the fault where it fails. */
export function tryRemote(listed: RemoteListed, parts: RemoteParts): Promise<Fault | null> {
  return checkRemote(endpointOf(listed, parts), apiOf(listed));
}

/** Why it can't be used, where that is known without asking. */
export function keyMissing(listed: RemoteListed, env: NodeJS.ProcessEnv): Fault | null {
  if (listed.keyEnv === null || env[listed.keyEnv]) return null;
  return fault('model.key-missing', { name: listed.keyEnv, host: new URL(listed.baseUrl).host });
}

function endpointOf(listed: RemoteListed, parts: RemoteParts): Endpoint {
  return { ...parts, profile: profileOf(listed), baseUrl: listed.baseUrl, model: listed.model };
}

function apiOf({ kind, baseUrl, model }: RemoteListed): Api {
  return kind === 'anthropic' ? anthropicApi(baseUrl, model) : openaiApi(baseUrl, model);
}

function profileOf({ id, name, kind, contextTokens }: RemoteListed): Profile {
  const context = contextTokens ?? usualContext[kind];
  const tier: PromptTier = context <= 8192 ? 'small' : context <= 32_768 || (contextTokens === null && kind === 'openai') ? 'standard' : 'large';
  return { id, name, where: 'remote', contextTokens: context, tier };
}
