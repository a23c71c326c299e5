// A configured model as the window shows it, and what we know about how to use it (its profile).
import { z } from 'zod';
import { Fault } from './fault.ts';
import { ModelId } from './id.ts';

/** Names the model that comes with Nacre. */
export const starterId = 'local:starter';

export const PromptTier = z.enum(['starter', 'small', 'standard', 'large']);
export type PromptTier = z.infer<typeof PromptTier>;

export const Profile = z.object({
  id: ModelId,
  name: z.string(),
  where: z.enum(['local', 'remote', 'scripted']),
  /** Tokens the model reads at most, prompt and reply together. */
  contextTokens: z.number().int(),
  tier: PromptTier,
});
export type Profile = z.infer<typeof Profile>;

export const ModelEntry = z.object({
  id: ModelId,
  name: z.string(),
  kind: z.enum(['local', 'openai', 'anthropic', 'scripted']),
  /** The file for a local model, the address for a remote one; empty for a script. */
  source: z.string(),
  /** The model's name at a remote endpoint; empty otherwise. */
  model: z.string(),
  /** Size of the file in bytes, 0 where there is none. */
  bytes: z.number(),
  current: z.boolean(),
  /** Why it can't be used at the moment, if so. */
  fault: Fault.nullable(),
});
export type ModelEntry = z.infer<typeof ModelEntry>;

export const Download = z.object({
  id: z.string(),
  source: z.string(),
  received: z.number(),
  total: z.number().nullable(),
  state: z.enum(['running', 'done', 'failed', 'stopped']),
  fault: Fault.nullable(),
});
export type Download = z.infer<typeof Download>;

const RemoteKind = z.enum(['openai', 'anthropic']);
export const RemoteInput = z.object({
  name: z.string().trim().min(1).max(80),
  kind: RemoteKind.default('openai'),
  /** An http(s) address without a password; anything else is answered with a fault that says what was expected. */
  baseUrl: z.string().trim().max(2000),
  model: z.string().trim().min(1).max(200),
  /** Stored in the OS keychain; never written to settings. */
  key: z.string().optional(),
  /** The name of an environment variable that holds the key. */
  keyEnv: z.string().optional(),
  /** Where it is not given, a common size is assumed: 128k (131,072), and 200,000 for Anthropic. */
  contextTokens: z.number().int().min(1024).max(10_000_000).optional(),
  /** The person agrees that, where there is no keychain, the key is kept in a file that only they can read. */
  plainKey: z.boolean().default(false),
});
export type RemoteInput = z.infer<typeof RemoteInput>;
