// Named places where a test can have the process killed: NACRE_FAILPOINT=name:n sends SIGKILL at the n-th pass of `name`.
const wanted = parse(process.env['NACRE_FAILPOINT']);
const counting = process.env['NACRE_FAILPOINT_LOG'] !== undefined;
const passes = new Map<string, number>();

/** Call at a place whose crash must be survivable. Costs one comparison when no failpoint is set. */
export function failpoint(name: string): void {
  if (wanted === null && !counting) return;
  const passed = count(name);
  if (wanted?.name === name && wanted.pass === passed) process.kill(process.pid, 'SIGKILL');
}

/** How often each failpoint was passed, when NACRE_FAILPOINT_LOG is set: the crash tests learn from it which points there are. */
export function failpointPasses(): ReadonlyMap<string, number> {
  return passes;
}

function count(name: string): number {
  const passed = (passes.get(name) ?? 0) + 1;
  passes.set(name, passed);
  return passed;
}

function parse(value: string | undefined): { readonly name: string; readonly pass: number } | null {
  if (value === undefined || value === '') return null;
  const at = value.lastIndexOf(':');
  return { name: value.slice(0, at), pass: Number(value.slice(at + 1)) };
}
