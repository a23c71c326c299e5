// JSON lines over a stream: bytes in, one parsed value a line out, with a limit on how long a line may be.
const maxLineBytes = 8_000_000;

/** Keeps at most one unfinished line. A stopped reader stays stopped. */
export function createLineReader(onLine: (line: string) => void, limit = maxLineBytes) {
  let parts: Buffer[] = [];
  let held = 0;
  let stopped = false;
  const keep = (part: Buffer): void => {
    held += part.length;
    stopped ||= held > limit;
    if (stopped) parts = [];
    else parts.push(part);
  };
  return {
    /** Takes the next bytes; calls `onLine` for every line they complete. Returns false once a line is too long: no more is read then. */
    push: (chunk: Buffer): boolean => {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0 && !stopped; end = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, end));
        from = end + 1;
        if (stopped) return false;
        const line = Buffer.concat(parts).toString('utf8');
        parts = [];
        held = 0;
        if (line !== '') onLine(line);
      }
      keep(chunk.subarray(from));
      return !stopped;
    },
  };
}

/** The value of one line, or undefined where it is not an object in JSON. */
export function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
