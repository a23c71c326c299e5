// The steps of the errand: by turns each kind of effect, and which of them nobody can ask about after a crash.
export type Kind = 'write' | 'append' | 'rename' | 'shell' | 'keyed' | 'plain' | 'read' | 'overwrite';
export type Step = { readonly kind: Kind; readonly tool: string; readonly args: Readonly<Record<string, unknown>> };

const kinds: readonly Kind[] = ['write', 'append', 'rename', 'shell', 'keyed', 'plain', 'read', 'overwrite'];

export function steps(count: number): Step[] {
  return Array.from({ length: count }, (_, at) => stepAt(at));
}

function stepAt(at: number): Step {
  const kind = kinds[at % kinds.length] ?? 'read';
  switch (kind) {
    case 'write':
      return { kind, tool: 'write_file', args: { path: `file-${at}.txt`, content: `content ${at}` } };
    case 'append':
      return { kind, tool: 'append_line', args: { path: 'appended.txt', line: String(at) } };
    case 'rename':
      return { kind, tool: 'rename_file', args: { from: `file-${at - 2}.txt`, to: `moved-${at - 2}.txt` } };
    case 'shell':
      return { kind, tool: 'run_command', args: { command: `echo ${at} >> shell.txt` } };
    case 'keyed':
      return { kind, tool: 'post_keyed', args: { n: at } };
    case 'plain':
      return { kind, tool: 'post_plain', args: { n: at } };
    case 'read':
      return { kind, tool: 'read_file', args: { path: `moved-${at - 6}.txt` } };
    case 'overwrite':
      return { kind, tool: 'write_file', args: { path: 'state.txt', content: `state ${at}` } };
  }
}
