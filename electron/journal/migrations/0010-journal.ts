// Conversations, runs, and what happened in them.
export const journal = `
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  folder TEXT,
  model TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  removed_at INTEGER,
  preview TEXT NOT NULL DEFAULT '',
  draft TEXT NOT NULL DEFAULT '',
  scroll TEXT
) STRICT;

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversation (id),
  kind TEXT NOT NULL CHECK (kind IN ('turn', 'task')),
  lane TEXT NOT NULL CHECK (lane IN ('chat', 'waiting', 'background')),
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'done', 'failed', 'stopped', 'unknown')),
  waiting_for TEXT CHECK (waiting_for IN ('approval', 'answer', 'time', 'network', 'model')),
  wake_at INTEGER,
  model TEXT,
  approve TEXT NOT NULL CHECK (approve IN ('ask', 'deny', 'folder')),
  replaces INTEGER REFERENCES run (id),
  key TEXT UNIQUE,
  fence INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL DEFAULT 0,
  unknown_calls INTEGER NOT NULL DEFAULT 0,
  opened_by INTEGER,
  closed_by INTEGER,
  seen INTEGER NOT NULL DEFAULT 0,
  current TEXT NOT NULL DEFAULT '',
  usage TEXT,
  fault TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  CHECK ((state = 'waiting') = (waiting_for IS NOT NULL)),
  CHECK ((state IN ('done', 'failed', 'stopped', 'unknown')) = (ended_at IS NOT NULL))
) STRICT;
CREATE INDEX run_conversation ON run (conversation, id);
CREATE INDEX run_open ON run (state) WHERE state IN ('queued', 'running', 'waiting');

CREATE TRIGGER run_ends_once BEFORE UPDATE OF state ON run WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a run that has ended keeps its outcome'); END;

CREATE TABLE entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (id),
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX entry_run ON entry (run, id);

CREATE TRIGGER entry_is_final BEFORE UPDATE ON entry
BEGIN SELECT RAISE (ABORT, 'the journal is never rewritten'); END;
`;
