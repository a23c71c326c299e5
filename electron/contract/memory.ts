// What is remembered, as the window and the command line see it.
import { z } from 'zod';
import { Time } from './id.ts';

export const MemoryKind = z.enum(['turn', 'fact', 'episode', 'profile', 'attachment', 'procedure']);
export type MemoryKind = z.infer<typeof MemoryKind>;

export const MemoryItem = z.object({
  /** Also the order in which things were said within a sitting. */
  id: z.number().int().positive(),
  kind: MemoryKind,
  /** Where it comes from: `e12` is an entry of the journal; imported lines keep the id they came with. */
  source: z.string(),
  /** The conversation it was said in; null for what was imported. */
  conversation: z.number().int().nullable(),
  /** The item of that conversation's thread that says it; null where there is none to show. */
  item: z.string().nullable(),
  at: Time.nullable(),
  author: z.string(),
  text: z.string(),
  /** Of a fact: what it is about, from when and until when it holds, and whether a newer one took its place. */
  subject: z.string().nullable(),
  validFrom: Time.nullable(),
  validUntil: Time.nullable(),
  superseded: z.boolean(),
});
export type MemoryItem = z.infer<typeof MemoryItem>;

/** What a search gives back, most useful first: one turn, or with a token budget the lines of one sitting that matter. */
export const MemoryHit = z.object({
  /** The sources whose words stand in the text. */
  source: z.array(z.string()),
  kind: MemoryKind,
  text: z.string(),
  /** See `tokensIn` in electron/memory/recall/pack.ts. */
  tokens: z.number().int(),
  /** 1 for the best item of the search. */
  score: z.number(),
  why: z.string(),
  at: Time.nullable(),
});
export type MemoryHit = z.infer<typeof MemoryHit>;

export const MemoryChange = z.object({
  id: z.number().int().positive(),
  what: z.enum(['import', 'remember', 'profile', 'forget', 'distil']),
  at: Time,
  /** Items that it added or removed. */
  items: z.number().int(),
});
export type MemoryChange = z.infer<typeof MemoryChange>;
