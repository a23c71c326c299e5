import { expect, test } from 'vitest';
import { z } from 'zod';
import { openGround } from '../../e2e/scaffold/house.ts';
import { listFiles } from './files/list.ts';
import { readFile } from './files/read.ts';
import { createSearchFiles } from './files/search.ts';
import { writeFile } from './files/write.ts';
import { createRunCommand } from './shell/command.ts';
import { createToolbox } from './toolbox.ts';

const tools = [readFile, writeFile, listFiles, createSearchFiles(), createRunCommand(openGround)];
const toolbox = createToolbox(tools);
const parse = (tool: string, json: string): unknown => toolbox.parseCall({ id: '1', tool, arguments: json });

test('the five tools cost less than 350 tokens of prompt', () => {
  expect(JSON.stringify(toolbox.specs()).length / 4).toBeLessThan(350);
});

test('the model is told the same bytes in whatever order the tools come', () => {
  expect(JSON.stringify(createToolbox([...tools].reverse()).specs())).toBe(JSON.stringify(toolbox.specs()));
  expect(toolbox.specs()[1]).toEqual({
    name: 'read_file',
    description: 'Reads a text file. Long files come shortened: read on with from (line number).',
    parameters: { type: 'object', properties: { path: { type: 'string' }, from: { type: 'integer' } }, required: ['path'] },
  });
});

test('a call that fits comes with its tool and arguments', () => {
  expect(parse('read_file', '{"path":"a.txt","from":3}')).toEqual({ ok: true, tool: readFile, args: { path: 'a.txt', from: 3 } });
  expect(toolbox.find('read_file')).toBe(readFile);
});

test('null means that a field was left out', () => {
  expect(parse('read_file', '{"path":"a.txt","from":null}')).toEqual({ ok: true, tool: readFile, args: { path: 'a.txt' } });
});

test('a tool that does not exist is answered with those that do, whatever its name', () => {
  for (const name of ['grep', 'constructor', '__proto__', '']) {
    expect(parse(name, '{}')).toEqual({
      ok: false,
      message: `There is no tool ${JSON.stringify(name)}. The tools are: list_files, read_file, run_command, search_files, write_file.`,
    });
  }
});

const shape = 'Call it again with one JSON object that fits {"type":"object","properties":{"command":{"type":"string"}},"required":["command"]}.';
test.each([
  ['{"command":"ls"', 'are not valid JSON'],
  ['ls', 'are not valid JSON'],
  ['', 'command: '],
  ['{}', 'command: '],
  ['{"command":null}', 'command: '],
  ['{"command":["ls"]}', 'command: '],
  ['"{\\"command\\":\\"ls\\"}"', 'expected object'],
  ['["ls"]', 'expected object'],
  ['null', 'expected object'],
  ['{"command":"ls","cwd":"/"}', '"cwd"'],
  ['{"command":"ls","__proto__":{"x":1}}', '"__proto__"'],
])('the arguments %s are refused with what is wrong and what was expected', (json, wrong) => {
  const parsed = toolbox.parseCall({ id: '1', tool: 'run_command', arguments: json });
  expect(parsed).toEqual({ ok: false, message: expect.stringMatching(/^The arguments of run_command /) });
  expect(parsed.ok ? '' : parsed.message).toContain(wrong);
  expect(parsed.ok ? '' : parsed.message).toContain(shape);
});

test('two tools of one name are a defect', () => {
  expect(() => createToolbox([readFile, { ...listFiles, name: 'read_file' }])).toThrow('Two tools have one name');
});

test('limits that a schema states stay in what the model is told', () => {
  const parameters = z.object({ days: z.int().min(1).max(7).describe('how many'), kind: z.enum(['a', 'b']) });
  expect(createToolbox([{ ...listFiles, parameters } as never]).specs()[0]?.parameters).toEqual({
    type: 'object',
    properties: { days: { type: 'integer', minimum: 1, maximum: 7, description: 'how many' }, kind: { type: 'string', enum: ['a', 'b'] } },
    required: ['days', 'kind'],
  });
});
