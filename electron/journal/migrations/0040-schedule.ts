// Tasks that are due more than once: a schedule, many runs, and a record of what became of every due time.
export const schedule = `
ALTER TABLE task RENAME TO task_before;
DROP INDEX task_conversation;

CREATE TABLE task (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  key TEXT UNIQUE,
  goal TEXT NOT NULL,
  folder TEXT,
  model TEXT,
  approve TEXT NOT NULL CHECK (approve IN ('ask', 'deny', 'folder')),
  schedule TEXT NOT NULL,
  missed TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'over', 'removed')),
  next_due INTEGER,
  placed REAL NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK (next_due IS NULL OR state IN ('active', 'paused'))
) STRICT;
CREATE INDEX task_conversation ON task (conversation, id);
CREATE INDEX task_due ON task (next_due) WHERE state = 'active' AND next_due IS NOT NULL;

INSERT INTO task (id, conversation, key, goal, folder, model, approve, schedule, missed, state, placed, created_at)
  SELECT t.id, t.conversation, r.key, t.goal, t.folder, r.model, r.approve, '{"type":"now"}', '{"type":"once"}', 'over', r.opened_by - 0.3, t.created_at
  FROM task_before t JOIN run r ON r.id = t.run;

ALTER TABLE run ADD COLUMN task INTEGER REFERENCES task (id);
UPDATE run SET task = (SELECT id FROM task_before WHERE task_before.run = run.id) WHERE kind = 'task';
CREATE INDEX run_task ON run (task, id) WHERE task IS NOT NULL;
DROP TABLE task_before;

CREATE TABLE firing (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task INTEGER NOT NULL REFERENCES task (id),
  due INTEGER NOT NULL,
  until INTEGER NOT NULL,
  count INTEGER,
  outcome TEXT NOT NULL CHECK (outcome IN ('ran', 'skipped', 'merged')),
  why TEXT NOT NULL DEFAULT '',
  merged_into INTEGER,
  run INTEGER REFERENCES run (id),
  at INTEGER NOT NULL,
  UNIQUE (task, due),
  CHECK ((outcome = 'ran') = (run IS NOT NULL))
) STRICT;
`;
