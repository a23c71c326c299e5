// Questions to the person, and the permissions that came from their answers.
export const approvals = `
CREATE TABLE approval (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (id),
  call TEXT NOT NULL,
  tool TEXT NOT NULL,
  title TEXT NOT NULL,
  place TEXT NOT NULL,
  payload TEXT NOT NULL,
  before TEXT,
  scope TEXT NOT NULL,
  hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'allowed', 'denied', 'withdrawn')),
  answer TEXT CHECK (answer IN ('once', 'conversation', 'deny')),
  asked_at INTEGER NOT NULL,
  answered_at INTEGER
) STRICT;
CREATE INDEX approval_run ON approval (run, id);
CREATE INDEX approval_open ON approval (state) WHERE state = 'open';

CREATE TABLE permission (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  tool TEXT NOT NULL,
  scope TEXT NOT NULL,
  approval INTEGER NOT NULL REFERENCES approval (id),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX permission_conversation ON permission (conversation);
`;
