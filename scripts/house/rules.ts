// The rules of the house as plain tables: who may import whom, how big things may get, which words are banned.

/** Rooms of electron/ from the ground up. A room may import its own files and any lower floor, never its neighbours or upwards. */
export const floors: readonly (readonly string[])[] = [
  ['contract'],
  ['log', 'durable'],
  ['settings'],
  ['journal', 'models', 'tools', 'egress', 'desktop'],
  ['agent', 'memory', 'schedule'],
  ['runs'],
  ['conversation'],
  ['ipc'],
  ['work', 'doctor'],
  ['compose'],
  ['main', 'cli'],
];

/** Doors between neighbours on one floor, each with its reason. They may not lead round in a circle: the check for cycles sees to that. */
export const doors: Readonly<Record<string, readonly string[]>> = {
  // The operating system's keychain has the shape that the models' secrets ask for.
  desktop: ['models'],
};

/** Folders and files outside the floors, and what of ours each may import. Paths are prefixes. */
export const annexes: Readonly<Record<string, readonly string[]>> = {
  'electron/preload.ts': ['electron/contract'],
  renderer: ['renderer', 'electron/contract'],
  'local-models': ['local-models'],
  scripts: ['scripts'],
  e2e: ['e2e', 'electron', 'local-models', 'renderer', 'scripts'],
};

/** Rooms of electron/ that may import local-models/. */
export const engineRooms: readonly string[] = ['models', 'doctor', 'compose', 'main', 'cli'];

/** Packages with an owner: only files under these prefixes may import them, in any form. */
export const owners: Readonly<Record<string, readonly string[]>> = {
  electron: ['electron/ipc/', 'electron/desktop/', 'electron/main.ts', 'electron/preload.ts', 'e2e/host/'],
  'better-sqlite3': ['electron/journal/', 'e2e/bench/'],
  'node-llama-cpp': ['local-models/', 'e2e/bench/'],
};

export const lineLimit = 400;
/** Files that would grow into the place where everything happens are held shorter. */
export const fileLimits: Readonly<Record<string, number>> = {
  'electron/agent/loop.ts': 250,
  'electron/compose.ts': 200,
  'electron/preload.ts': 40,
};
export const functionLimit = 60;
export const folderLimit = 10;
/** Folders that may hold more files, with the reason. */
export const wideFolders: Readonly<Record<string, string>> = {
  'electron/contract': 'one file a noun; the window reads them all',
};

/** Files that may have a default export, with the reason; so may every `*.config.ts`. */
export const defaultExports: Readonly<Record<string, string>> = {
  'e2e/setup.ts': 'Playwright asks for one in its global set-up',
};

/** Production lines (TypeScript without tests, in the three product folders), and the share of the assistant's core. */
export const productFolders: readonly string[] = ['electron', 'renderer', 'local-models'];
export const productBudget = 25_000;
export const coreFolders: readonly string[] = ['electron/agent', 'electron/runs', 'electron/journal', 'electron/conversation'];
export const coreBudget = 5_000;

/** If only such a word fits, the thing has two jobs. */
export const bannedWords: ReadonlySet<string> = new Set(
  ['manager', 'helper', 'util', 'common', 'misc', 'service', 'data', 'info'].flatMap((word) => [word, `${word}s`]),
);
