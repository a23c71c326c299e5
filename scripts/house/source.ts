// Reads one source file: its imports (types included), the length of its functions, and what the rules forbid in it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Function as FunctionNode, parseSync, Visitor } from 'oxc-parser';

export type Import = { readonly from: string; readonly line: number };
export type FunctionSize = { readonly name: string; readonly line: number; readonly lines: number };
export type Source = {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly firstLine: string;
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionSize[];
  readonly typeNames: readonly { readonly name: string; readonly line: number }[];
  readonly defaultExports: readonly number[];
  readonly emptyCatches: readonly number[];
  readonly syntaxErrors: readonly string[];
};

type Span = { readonly start: number; readonly end: number };
type Findings = {
  imports: Import[];
  functions: FunctionSize[];
  typeNames: { name: string; line: number }[];
  defaultExports: number[];
  emptyCatches: number[];
};

export function readSource(root: string, path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const parsed = parseSync(path, text, { preserveParens: false });
  const lineOf = lineFinder(text);
  const found: Findings = { imports: [], functions: [], typeNames: [], defaultExports: [], emptyCatches: [] };
  new Visitor({ ...importVisitor(found, lineOf), ...shapeVisitor(found, lineOf) }).visit(parsed.program);
  return {
    path,
    lines: text.endsWith('\n') ? text.split('\n').length - 1 : text.split('\n').length,
    firstLine: text.slice(0, text.indexOf('\n')),
    ...found,
    syntaxErrors: parsed.errors.map((error) => error.message),
  };
}

function importVisitor(found: Findings, lineOf: (offset: number) => number): ConstructorParameters<typeof Visitor>[0] {
  const add = (literal: (Span & { readonly value?: unknown }) | null | undefined): void => {
    if (typeof literal?.value === 'string') found.imports.push({ from: literal.value, line: lineOf(literal.start) });
  };
  return {
    ImportDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add('value' in node.source ? node.source : null),
    TSImportType: (node) => add(node.source),
    CallExpression: (node) => {
      const [first] = node.arguments;
      if (node.callee.type === 'Identifier' && node.callee.name === 'require' && first?.type === 'Literal') add(first);
    },
  };
}

function shapeVisitor(found: Findings, lineOf: (offset: number) => number): ConstructorParameters<typeof Visitor>[0] {
  const names = new Map<number, string>();
  const measure = (node: Span, name: string): void => {
    const line = lineOf(node.start);
    found.functions.push({ name, line, lines: lineOf(node.end) - line + 1 });
  };
  const nameOf = (node: Span & { readonly id?: FunctionNode['id'] }): string => node.id?.name ?? names.get(node.start) ?? 'a function without a name';
  return {
    VariableDeclarator: (node) => {
      if (node.id.type === 'Identifier' && node.init !== null) names.set(node.init.start, node.id.name);
    },
    Property: (node) => {
      if (node.key.type === 'Identifier') names.set(node.value.start, node.key.name);
    },
    MethodDefinition: (node) => {
      if (node.key.type === 'Identifier') names.set(node.value.start, node.key.name);
    },
    FunctionDeclaration: (node) => measure(node, nameOf(node)),
    FunctionExpression: (node) => measure(node, nameOf(node)),
    ArrowFunctionExpression: (node) => measure(node, nameOf(node)),
    TSTypeAliasDeclaration: (node) => void found.typeNames.push({ name: node.id.name, line: lineOf(node.start) }),
    TSInterfaceDeclaration: (node) => void found.typeNames.push({ name: node.id.name, line: lineOf(node.start) }),
    ClassDeclaration: (node) => void (node.id && found.typeNames.push({ name: node.id.name, line: lineOf(node.start) })),
    ExportDefaultDeclaration: (node) => void found.defaultExports.push(lineOf(node.start)),
    CatchClause: (node) => void (node.body.body.length === 0 && found.emptyCatches.push(lineOf(node.start))),
  };
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
