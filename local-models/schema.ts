// Turns a tool's JSON Schema into the subset that a grammar can enforce, and what the model wrote under it back into what the tool expects.
import type { GbnfJsonSchema } from 'node-llama-cpp';

type Json = { readonly [key: string]: unknown };
type Context = { readonly root: Json; readonly depth: number };

/** Longer ones would blow up the grammar; the caller validates them anyway. */
const longestString = 500;
const longestList = 100;
/** Deeper, or through references that come back to themselves, a value is only required to be JSON. */
const deepest = 12;

/**
 * A schema for the grammar: optional properties become nullable ones, `anyOf` becomes `oneOf`, and whatever the grammar can not express becomes
 * wider (at worst any JSON), never narrower, so the caller must validate. The root is always an object.
 */
export function grammarSchema(schema: Json): GbnfJsonSchema {
  return objectSchema(resolve(schema, { root: schema, depth: 0 }), { root: schema, depth: 0 });
}

/** Takes the nulls out that stand for absent optional properties. Returns a copy. */
export function withoutNulls(value: unknown, schema: Json): unknown {
  return strip(value, schema, { root: schema, depth: 0 });
}

function convert(schema: unknown, outer: Context): GbnfJsonSchema {
  const context = { ...outer, depth: outer.depth + 1 };
  if (!isJson(schema) || context.depth > deepest) return anything();
  const found = resolve(schema, context);
  const alternatives = alternativesOf(found);
  if (alternatives !== null) return described(found, oneOf(alternatives.map((each) => convert(each, context))));
  if (isScalar(found['const'])) return described(found, { const: found['const'] });
  const listed = found['enum'];
  if (Array.isArray(listed) && listed.length > 0 && listed.every(isScalar)) return described(found, { enum: listed });
  const type = found['type'];
  if (Array.isArray(type)) return described(found, oneOf(type.map((each) => convert({ ...found, type: each }, context))));
  return described(found, ofType(typeof type === 'string' ? type : guessedType(found), found, context));
}

function ofType(type: string, schema: Json, context: Context): GbnfJsonSchema {
  switch (type) {
    case 'object':
      return objectSchema(schema, context);
    case 'array':
      return { type: 'array', items: convert(schema['items'] ?? {}, context), ...limits(schema, 'minItems', 'maxItems', longestList) };
    case 'string':
      return stringSchema(schema);
    case 'number':
    case 'integer':
    case 'boolean':
    case 'null':
      return { type };
    default:
      return anything();
  }
}

function objectSchema(schema: Json, context: Context): GbnfJsonSchema {
  const properties = isJson(schema['properties']) ? schema['properties'] : {};
  const names = Object.keys(properties);
  const converted = Object.fromEntries(
    names.map((name) => {
      const property = convert(properties[name], context);
      return [name, absent(schema, name, properties[name], context) ? oneOf([property, { type: 'null' }]) : property];
    }),
  );
  const extra = schema['additionalProperties'];
  const additional = isJson(extra) ? convert(extra, context) : extra === true || (names.length === 0 && extra === undefined);
  return { type: 'object', properties: converted, additionalProperties: additional };
}

function stringSchema(schema: Json): GbnfJsonSchema {
  const format = schema['format'];
  if (format === 'date-time' || format === 'date' || format === 'time') return { type: 'string', format };
  return { type: 'string', ...limits(schema, 'minLength', 'maxLength', longestString) };
}

function limits(schema: Json, least: string, most: string, longest: number): Record<string, number> {
  const pairs = [least, most].map((name) => [name, schema[name]] as const);
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, number] => typeof pair[1] === 'number' && pair[1] >= 0 && pair[1] <= longest));
}

function oneOf(alternatives: readonly GbnfJsonSchema[]): GbnfJsonSchema {
  const [only] = alternatives;
  if (only === undefined) return anything();
  return alternatives.length === 1 ? only : { oneOf: alternatives };
}

function anything(): GbnfJsonSchema {
  const scalars = ['string', 'number', 'boolean', 'null'] as const;
  return { oneOf: [...scalars.map((type) => ({ type })), { type: 'object', additionalProperties: true }, { type: 'array' }] };
}

function described(schema: Json, converted: GbnfJsonSchema): GbnfJsonSchema {
  const description = schema['description'];
  return typeof description === 'string' ? { ...converted, description } : converted;
}

function strip(value: unknown, schema: unknown, outer: Context): unknown {
  const context = { ...outer, depth: outer.depth + 1 };
  if (!isJson(schema) || context.depth > deepest) return value;
  const found = resolve(schema, context);
  if (Array.isArray(value)) return value.map((each) => strip(each, found['items'], context));
  const alternatives = alternativesOf(found);
  if (alternatives !== null)
    return strip(
      value,
      alternatives.find((each) => isJson(each) && resembles(value, resolve(each, context))),
      context,
    );
  if (!isJson(value)) return value;
  const properties = isJson(found['properties']) ? found['properties'] : {};
  const kept = Object.entries(value).filter(([name, each]) => each !== null || !absent(found, name, properties[name], context));
  return Object.fromEntries(kept.map(([name, each]) => [name, strip(each, properties[name], context)]));
}

/** Whether a null of this property stands for its absence. */
function absent(schema: Json, name: string, property: unknown, context: Context): boolean {
  return isJson(property) && isOptional(schema, name) && !acceptsNull(property, context);
}

/** Which of several object alternatives was meant: the first whose required properties are all there. */
function resembles(value: unknown, schema: Json): boolean {
  if (!isJson(value)) return false;
  const required = schema['required'];
  return isJson(schema['properties']) && (!Array.isArray(required) || required.every((name) => typeof name === 'string' && Object.hasOwn(value, name)));
}

function acceptsNull(schema: Json, context: Context): boolean {
  if (context.depth > deepest) return true;
  const found = resolve(schema, context);
  const type = found['type'];
  if (type === 'null' || (Array.isArray(type) && type.includes('null')) || found['nullable'] === true || found['const'] === null) return true;
  if (Array.isArray(found['enum'])) return found['enum'].includes(null);
  const alternatives = alternativesOf(found);
  if (alternatives !== null) return alternatives.some((each) => !isJson(each) || acceptsNull(each, { ...context, depth: context.depth + 1 }));
  return type === undefined && found['const'] === undefined && guessedType(found) === 'any';
}

function isOptional(schema: Json, name: string): boolean {
  const required = schema['required'];
  return !(Array.isArray(required) && required.includes(name));
}

function alternativesOf(schema: Json): readonly unknown[] | null {
  const found = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(found) && found.length > 0 ? found : null;
}

function guessedType(schema: Json): string {
  if (isJson(schema['properties'])) return 'object';
  return isJson(schema['items']) ? 'array' : 'any';
}

/** Follows `$ref` within the document and merges an `allOf` of objects; what can't be followed is as it was. */
function resolve(schema: Json, context: Context): Json {
  let found = schema;
  for (let hops = 0; typeof found['$ref'] === 'string' && hops < deepest; hops++) {
    const target = pointed(context.root, found['$ref']);
    if (target === null) return {};
    const { $ref: _, ...rest } = found;
    found = { ...target, ...rest };
  }
  const parts = found['allOf'];
  if (!Array.isArray(parts) || !parts.every(isJson) || context.depth > deepest) return found;
  return parts.map((part) => resolve(part, { ...context, depth: context.depth + 1 })).reduce(merged, { ...found, allOf: undefined });
}

function merged(left: Json, right: Json): Json {
  const both = (name: string) => ({ ...(isJson(left[name]) ? left[name] : {}), ...(isJson(right[name]) ? right[name] : {}) });
  const required = [left['required'], right['required']].flatMap((each) => (Array.isArray(each) ? each : []));
  const properties = both('properties');
  return { ...left, ...right, ...(Object.keys(properties).length > 0 ? { properties } : {}), required };
}

function pointed(root: Json, reference: string): Json | null {
  if (!reference.startsWith('#')) return null;
  const steps = reference
    .slice(1)
    .split('/')
    .filter((step) => step !== '');
  let at: unknown = root;
  for (const step of steps) at = isJson(at) ? at[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  return isJson(at) ? at : null;
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
