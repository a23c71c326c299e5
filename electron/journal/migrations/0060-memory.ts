// What is worth keeping: items of every layer, the index over their words, and the changes that can be undone.
export const memory = `
CREATE TABLE memory_space (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  items INTEGER NOT NULL DEFAULT 0,
  upto INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO memory_space (id, name) VALUES (1, '');

CREATE TABLE memory_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  space INTEGER NOT NULL REFERENCES memory_space (id),
  at INTEGER NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('import', 'remember', 'profile', 'forget', 'distil')),
  undone_at INTEGER
) STRICT;

CREATE TABLE memory_item (
  id INTEGER PRIMARY KEY,
  space INTEGER NOT NULL REFERENCES memory_space (id),
  kind TEXT NOT NULL CHECK (kind IN ('turn', 'fact', 'episode', 'profile', 'attachment', 'procedure')),
  source TEXT NOT NULL,
  entry INTEGER REFERENCES entry (id) ON DELETE CASCADE,
  thread INTEGER NOT NULL DEFAULT 0,
  at INTEGER,
  author TEXT NOT NULL DEFAULT '',
  text TEXT,
  words INTEGER NOT NULL,
  subject TEXT,
  valid_from INTEGER,
  valid_until INTEGER,
  superseded_by INTEGER,
  added_in INTEGER,
  removed_in INTEGER,
  CHECK (text IS NOT NULL OR entry IS NOT NULL)
) STRICT;
CREATE INDEX memory_item_source ON memory_item (space, source);
CREATE INDEX memory_item_at ON memory_item (space, at);
CREATE INDEX memory_item_entry ON memory_item (entry) WHERE entry IS NOT NULL;
CREATE INDEX memory_item_thread ON memory_item (thread, id) WHERE thread > 0;
CREATE INDEX memory_item_layer ON memory_item (space, kind, subject) WHERE kind <> 'turn';
CREATE INDEX memory_item_removed ON memory_item (removed_in) WHERE removed_in IS NOT NULL;

CREATE TABLE memory_forgotten (entry INTEGER PRIMARY KEY) STRICT;
CREATE TABLE memory_stale (item INTEGER PRIMARY KEY) STRICT;

CREATE TRIGGER memory_item_added AFTER INSERT ON memory_item
BEGIN UPDATE memory_space SET items = items + 1 WHERE id = NEW.space; END;
CREATE TRIGGER memory_item_gone AFTER DELETE ON memory_item
BEGIN
  UPDATE memory_space SET items = items - 1 WHERE id = OLD.space;
  INSERT OR IGNORE INTO memory_stale (item) VALUES (OLD.id);
END;

CREATE VIRTUAL TABLE memory_index USING fts5 (
  terms, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* S* P* Co'"
);
CREATE VIRTUAL TABLE memory_terms USING fts5vocab (memory_index, row);
INSERT INTO memory_index (memory_index, rank) VALUES ('pgsz', 1000);
`;
