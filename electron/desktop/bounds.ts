// Keeps where the window was and whether it was maximised, in a small file of the data folder.
import type { Rectangle } from 'electron';
import { z } from 'zod';
import { readJson, writeJson } from '../durable.ts';

const Kept = z.object({
  x: z.number().int().exactOptional(),
  y: z.number().int().exactOptional(),
  width: z.number().int().min(420).max(20_000).default(1080),
  height: z.number().int().min(360).max(20_000).default(740),
  maximized: z.boolean().default(false),
});
export type Bounds = z.infer<typeof Kept>;

/** What was kept, or the defaults where nothing usable was; without a position that is on none of `screens`. */
export function readBounds(path: string, screens: readonly Rectangle[]): Bounds {
  const { x, y, ...size } = readJson(path, Date.now(), Kept.parse, () => undefined) ?? Kept.parse({});
  if (x === undefined || y === undefined || !screens.some((screen) => overlaps(screen, { x, y, width: size.width, height: size.height }))) return size;
  return { x, y, ...size };
}

/** Never throws: a window that forgets its place is no reason to stop. */
export function writeBounds(path: string, bounds: Bounds): void {
  try {
    writeJson(path, bounds);
  } catch (error) {
    process.stderr.write(`window state: ${String(error)}\n`);
  }
}

/** At least a grip of 80 × 40 pixels is on the screen. */
function overlaps(screen: Rectangle, window: Rectangle): boolean {
  const across = Math.min(screen.x + screen.width, window.x + window.width) - Math.max(screen.x, window.x);
  const down = Math.min(screen.y + screen.height, window.y + window.height) - Math.max(screen.y, window.y);
  return across >= 80 && down >= 40;
}
