import { expect, test } from 'vitest';
import { grammarSchema, withoutNulls } from './schema.ts';

test('an optional property may be null in the grammar and is absent in the arguments', () => {
  const schema = { type: 'object', properties: { path: { type: 'string' }, limit: { type: 'integer' } }, required: ['path'] };
  expect(grammarSchema(schema)).toEqual({
    type: 'object',
    properties: { path: { type: 'string' }, limit: { oneOf: [{ type: 'integer' }, { type: 'null' }] } },
    additionalProperties: false,
  });
  expect(withoutNulls({ path: 'a', limit: null }, schema)).toEqual({ path: 'a' });
});

test('a null that the tool itself accepts is kept', () => {
  const schema = { type: 'object', properties: { due: { type: ['string', 'null'] }, tag: { anyOf: [{ type: 'string' }, { type: 'null' }] }, any: {} } };
  expect(withoutNulls({ due: null, tag: null, any: null }, schema)).toEqual({ due: null, tag: null, any: null });
});

test('nulls are taken out of nested objects, lists and alternatives too', () => {
  const item = { type: 'object', properties: { name: { type: 'string' }, note: { type: 'string' } }, required: ['name'] };
  const other = { type: 'object', properties: { id: { type: 'integer' }, note: { type: 'string' } }, required: ['id'] };
  const schema = { type: 'object', properties: { items: { type: 'array', items: { anyOf: [item, other] } }, inner: item }, required: ['items', 'inner'] };
  expect(
    withoutNulls(
      {
        items: [
          { name: 'a', note: null },
          { id: 1, note: null },
        ],
        inner: { name: 'b', note: null },
      },
      schema,
    ),
  ).toEqual({
    items: [{ name: 'a' }, { id: 1 }],
    inner: { name: 'b' },
  });
});

test('anyOf becomes oneOf, references are followed and allOf is merged', () => {
  const schema = {
    type: 'object',
    properties: {
      when: { $ref: '#/$defs/when' },
      both: {
        allOf: [
          { type: 'object', properties: { a: { const: 1 } }, required: ['a'] },
          { properties: { b: { enum: ['x', 'y'] } }, required: ['b'] },
        ],
      },
    },
    required: ['when', 'both'],
    $defs: { when: { anyOf: [{ type: 'string', format: 'date' }, { type: 'number' }] } },
  };
  expect(grammarSchema(schema)).toEqual({
    type: 'object',
    properties: {
      when: { oneOf: [{ type: 'string', format: 'date' }, { type: 'number' }] },
      both: { type: 'object', properties: { a: { const: 1 }, b: { enum: ['x', 'y'] } }, additionalProperties: false },
    },
    additionalProperties: false,
  });
});

test('what the grammar can not express becomes wider, never narrower', () => {
  const any = {
    oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }, { type: 'object', additionalProperties: true }, { type: 'array' }],
  };
  const schema = {
    type: 'object',
    properties: {
      pattern: { type: 'string', pattern: '^a+$' },
      long: { type: 'string', maxLength: 100_000 },
      not: { not: { type: 'string' } },
      range: { type: 'integer', minimum: 3 },
    },
    required: ['pattern', 'long', 'not', 'range'],
  };
  expect(grammarSchema(schema)).toEqual({
    type: 'object',
    properties: { pattern: { type: 'string' }, long: { type: 'string' }, not: any, range: { type: 'integer' } },
    additionalProperties: false,
  });
  expect(grammarSchema({ type: 'object' })).toEqual({ type: 'object', properties: {}, additionalProperties: true });
});

test('a schema that refers to itself ends', () => {
  const tree = { type: 'object', properties: { child: { $ref: '#' }, next: { $ref: '#/$defs/loop' } }, $defs: { loop: { $ref: '#/$defs/loop' } } };
  expect(grammarSchema(tree)).toMatchObject({ type: 'object' });
  expect(withoutNulls({ child: { child: null } }, tree)).toEqual({ child: {} });
});
