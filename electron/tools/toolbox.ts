// All tools by name: what the model is told about them, and its calls checked against that.
import { z } from 'zod';
import type { ToolCall } from '../contract/entry.ts';
import type { Tool } from './tool.ts';

export type JsonSchema = { readonly [key: string]: unknown };
type Spec = { readonly name: string; readonly description: string; readonly parameters: JsonSchema };

export type ParsedCall =
  | { readonly ok: true; readonly tool: Tool; readonly args: unknown }
  /** A sentence that tells the model what was wrong with its call and how to make it right. */
  | { readonly ok: false; readonly message: string };

export type Toolbox = ReturnType<typeof createToolbox>;

/** Two tools of one name are a defect of ours: throws. */
export function createToolbox(tools: readonly Tool[]) {
  const sorted = [...tools].sort((a, b) => (a.name < b.name ? -1 : 1));
  const byName = new Map(sorted.map((tool) => [tool.name, tool]));
  if (byName.size !== tools.length) throw new Error(`Two tools have one name among: ${sorted.map((tool) => tool.name).join(', ')}`);
  const specs = sorted.map((tool) => ({ name: tool.name, description: tool.description, parameters: schemaOf(tool) }));
  return {
    find: (name: string): Tool | undefined => byName.get(name),
    /** What the model sees; the same bytes in every process, in whatever order the tools were given. */
    specs: (): readonly Spec[] => specs,
    /** Never throws. Nothing is repaired: what does not fit is refused in words. */
    parseCall: (call: ToolCall): ParsedCall => {
      const tool = byName.get(call.tool);
      if (tool !== undefined) return parseArguments(tool, call.arguments);
      return { ok: false, message: `There is no tool ${JSON.stringify(call.tool)}. The tools are: ${[...byName.keys()].join(', ')}.` };
    },
  };
}

function parseArguments(tool: Tool, text: string): ParsedCall {
  const json = parseJson(text);
  if (!json.ok) return { ok: false, message: `The arguments of ${tool.name} are not valid JSON (${json.reason}). ${wanted(tool)}` };
  const parsed = tool.parameters.safeParse(withoutNulls(json.value));
  if (parsed.success) return { ok: true, tool, args: parsed.data };
  const issues = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`);
  return { ok: false, message: `The arguments of ${tool.name} do not fit (${issues.join('; ')}). ${wanted(tool)}` };
}

function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string } {
  try {
    return { ok: true, value: JSON.parse(text.trim() === '' ? '{}' : text) };
  } catch (reason) {
    return { ok: false, reason: reason instanceof Error ? reason.message : String(reason) };
  }
}

/** A grammar that can't leave a field out writes null instead: that means the same. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

/** Only a memo: every run has a toolbox, and most of its tools are the same. */
const schemas = new WeakMap<Tool['parameters'], JsonSchema>();

function schemaOf({ parameters }: Tool): JsonSchema {
  const known = schemas.get(parameters) ?? compact(z.toJSONSchema(parameters));
  schemas.set(parameters, known);
  return known;
}

function wanted(tool: Tool): string {
  return `Call it again with one JSON object that fits ${JSON.stringify(schemaOf(tool))}.`;
}

/** A schema without what costs prompt and tells the model nothing; what is left out is still checked when a call comes. */
function compact(schema: JsonSchema): JsonSchema {
  const kept = Object.entries(schema).filter(
    ([key, value]) => key !== '$schema' && !(key === 'additionalProperties' && value === false) && Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER,
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [key, typeof value === 'object' && value !== null && !Array.isArray(value) ? compact(value as JsonSchema) : value]),
  );
}
