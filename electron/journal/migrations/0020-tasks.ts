// Tasks: what is to be achieved in the background, and the run that works on it.
export const tasks = `
CREATE TABLE task (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  run INTEGER NOT NULL UNIQUE REFERENCES run (id),
  goal TEXT NOT NULL,
  folder TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX task_conversation ON task (conversation, id);
`;
