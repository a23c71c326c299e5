// Reads the clocks on the walls of the world: local time of an instant in an IANA zone, and the instants that show a local time.

export type Zone = ReturnType<typeof createZone>;

const hour = 3_600_000;
/** Zones lie between UTC−12 and UTC+14, so these two reach beyond every instant that could show a wall time, by an hour. */
const reach = { back: 15 * hour, forth: 13 * hour };

/** Only a memo: a format costs a hundred times more to make than to use, and ten thousand tasks share a few zones. */
const made = new Map<string, Zone>();

/** Null where the computer knows no such zone. Names only: an offset such as `+05:30` says nothing about summer time. */
export function zoneOf(name: string): Zone | null {
  const known = made.get(name);
  if (known !== undefined) return known;
  const format = formatFor(name);
  if (format === null) return null;
  const zone = createZone(format);
  made.set(name, zone);
  return zone;
}

/** The zone this computer is set to, as this process last learned it. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The same, asked of the system anew: it changes when the person travels. */
export function findLocalZone(): string {
  // Node looks at the system's zone again only when TZ is touched; where the person has set it, it stands.
  if (process.env['TZ'] === undefined) delete process.env['TZ'];
  return localZone();
}

function formatFor(name: string): Intl.DateTimeFormat | null {
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function createZone(format: Intl.DateTimeFormat) {
  /** What the clock on the wall shows, written as the milliseconds at which UTC shows the same. */
  const wall = (instant: number): number => {
    const [month = 1, day = 1, year = 1970, hours = 0, minutes = 0, seconds = 0] = (format.format(instant).match(/\d+/g) ?? []).map(Number);
    return Date.UTC(year, month - 1, day, hours, minutes, seconds) + (((instant % 1000) + 1000) % 1000);
  };
  /** When the wall shows this: one instant, or two where the clock was set back (earlier first), or none where it was set forward. */
  const instants = (shown: number): readonly number[] => {
    const offsets = new Set([shown - reach.back, shown + reach.forth].map((near) => wall(near) - near));
    return [...offsets]
      .map((offset) => shown - offset)
      .filter((instant) => wall(instant) === shown)
      .sort((a, b) => a - b);
  };
  return {
    /** As the computer writes it: `europe/berlin` becomes `Europe/Berlin`. */
    name: format.resolvedOptions().timeZone,
    wall,
    instants,
    /** The first instant at which the wall shows this or, where it never does, the first valid instant after the gap. */
    first: (shown: number): number => instants(shown)[0] ?? endOfGap(wall, shown),
  };
}

/** Finds the instant at which the clock was set forward over `shown`. */
function endOfGap(wall: Zone['wall'], shown: number): number {
  let before = shown - reach.back;
  let after = shown + reach.forth;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wall(middle) < shown) before = middle;
    else after = middle;
  }
  return after;
}
