// What lies near by meaning, where an embedding model is installed: vectors made in the background, compared one by one.
import type { Db } from '../journal/open.ts';
import type { Log } from '../log.ts';
import { isVisible, itemText } from './store.ts';

/** A local embedding model. */
export type Embedder = {
  /** Changes when the vectors of another model, or of other dimensions, could not be compared with earlier ones. */
  readonly model: string;
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>;
};

/** Item to nearness, 0 to 1. */
export type Nearest = ReadonlyMap<number, number>;

export type Vectors = {
  /** Empty where no embedding model is installed, or nothing has been embedded yet. Never rejects: without it words alone decide. */
  nearest(space: number, query: string): Promise<Nearest>;
  /** Makes the vectors of some items that have none by the present model; false when none are left. */
  embedSome(): Promise<boolean>;
};

const batch = 32;
/** Compared one by one, newest first, so that a look stays below about 30 ms. */
const comparedAtMost = 20_000;
const nearestAtMost = 50;

/** `embedder` is asked each time: a model may be installed or swapped while Nacre runs. */
export function createVectors(db: Db, embedder: () => Embedder | null, log: Log): Vectors {
  return {
    nearest: async (space, query) => {
      const present = embedder();
      if (present === null) return new Map();
      try {
        const [vector] = await present.embed([query]);
        return vector === undefined ? new Map() : compare(db, space, label(present, vector), unit(vector));
      } catch (error) {
        log.warn('memory.embed', { reason: error instanceof Error ? error.message : String(error) });
        return new Map();
      }
    },
    embedSome: async () => {
      const present = embedder();
      return present === null ? false : embedSome(db, present);
    },
  };
}

/** The model and its dimensions: vectors of the same model that has other dimensions now are made anew. */
function label({ model }: Embedder, vector: Float32Array): string {
  return `${model} ${vector.length}`;
}

async function embedSome(db: Db, embedder: Embedder): Promise<boolean> {
  const [sample] = await embedder.embed(['']);
  if (sample === undefined) return false;
  const model = label(embedder, sample);
  const rows = db
    .prepare<{ id: number; text: string }>(
      `SELECT i.id, ${itemText} AS text FROM memory_item i LEFT JOIN memory_vector v ON v.item = i.id AND v.model = ? WHERE v.item IS NULL AND ${isVisible} ORDER BY i.id DESC LIMIT ?`,
    )
    .all(model, batch);
  if (rows.length === 0) return false;
  const vectors = await embedder.embed(rows.map(({ text }) => text));
  db.commit('memory.embed', () => {
    // An item may have been erased while its vector was made.
    const keep = db.prepare('INSERT OR REPLACE INTO memory_vector (item, model, vector) SELECT id, ?, ? FROM memory_item WHERE id = ?');
    for (const [at, { id }] of rows.entries()) keep.run(model, toBytes(unit(vectors[at] ?? sample)), id);
  });
  return true;
}

function compare(db: Db, space: number, model: string, query: Float32Array): Nearest {
  const rows = db
    .prepare<{ item: number; vector: Uint8Array }>(
      'SELECT v.item, v.vector FROM memory_vector v JOIN memory_item i ON i.id = v.item WHERE i.space = ? AND v.model = ? ORDER BY v.item DESC LIMIT ?',
    )
    .all(space, model, comparedAtMost);
  const near = rows.map(({ item, vector }): [number, number] => [item, product(query, toVector(vector))]).filter(([, nearness]) => nearness > 0);
  return new Map(near.sort(([, a], [, b]) => b - a).slice(0, nearestAtMost));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vector.map((value) => value / length);
}

function product(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}

function toBytes(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** SQLite gives bytes at any offset; floats need one that is a multiple of four. */
function toVector(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
