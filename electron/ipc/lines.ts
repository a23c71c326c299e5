// JSON lines over a stream: bytes in, one parsed value a line out, with a limit on how long a line may be.
const maxLineBytes = 8_000_000;

/**
 * Gives the value of every line to `onValue`, undefined for one that is not an object in JSON. Keeps at most one unfinished line. What is returned takes the
 * next bytes, and answers false once a line is too long: no more is read then.
 */
export function createLineReader(onValue: (value: Readonly<Record<string, unknown>> | undefined) => void, limit = maxLineBytes): (chunk: Buffer) => boolean {
  let parts: Buffer[] = [];
  let room = limit;
  return (chunk) => {
    for (let rest = chunk; room >= 0; ) {
      const end = rest.indexOf(10);
      const part = end < 0 ? rest : rest.subarray(0, end);
      room -= part.length;
      if (room >= 0) parts.push(part);
      if (end < 0 || room < 0) break;
      const line = Buffer.concat(parts).toString('utf8');
      [parts, room, rest] = [[], limit, rest.subarray(end + 1)];
      if (line !== '') onValue(objectIn(line));
    }
    if (room < 0) parts = [];
    return room >= 0;
  };
}

function objectIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
