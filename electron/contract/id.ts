// Identities: small whole numbers given by the journal, never reused; people meet them with a letter (run r12, task t5).
import { z } from 'zod';

const Id = z.number().int().positive();
export const ConversationId = Id;
export const RunId = Id;
export const TaskId = Id;
export const ApprovalId = Id;
/** An entry of the journal; also the order in which things happened. */
export const EntryId = Id;
/** Names one configured model: `local:qwen3-4b`, `remote:work`, `local:starter`. */
export const ModelId = z.string().min(1).max(200);
/** Milliseconds since 1970, UTC. */
export const Time = z.number().int();

export type ConversationId = z.infer<typeof ConversationId>;
export type RunId = z.infer<typeof RunId>;
export type TaskId = z.infer<typeof TaskId>;
export type ApprovalId = z.infer<typeof ApprovalId>;
export type EntryId = z.infer<typeof EntryId>;
export type ModelId = z.infer<typeof ModelId>;
