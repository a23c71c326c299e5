// Tasks with checks, grants, a budget and what they wait for; runs whose changes of state and whose "done" the file itself holds to the rules; permissions by pattern.
export const bounds = `
ALTER TABLE task ADD COLUMN checks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE task ADD COLUMN grants TEXT NOT NULL DEFAULT '[]';
ALTER TABLE task ADD COLUMN budget TEXT NOT NULL DEFAULT '{}';
ALTER TABLE task ADD COLUMN parent INTEGER REFERENCES run (id);
ALTER TABLE task ADD COLUMN watch TEXT;
CREATE INDEX task_watched ON task (state) WHERE schedule ->> '$.type' = 'after-change';
CREATE INDEX task_follows ON task (schedule ->> '$.task') WHERE schedule ->> '$.type' = 'after';

ALTER TABLE run ADD COLUMN worked_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN beside TEXT NOT NULL DEFAULT '{"tokens":0,"minutes":0,"steps":0}';
ALTER TABLE run ADD COLUMN acceptance TEXT;
CREATE INDEX run_queued ON run (lane) WHERE state = 'queued';
CREATE INDEX run_wake ON run (wake_at) WHERE state = 'waiting';

ALTER TABLE approval ADD COLUMN about TEXT NOT NULL DEFAULT 'call' CHECK (about IN ('call', 'budget', 'trouble'));
ALTER TABLE approval ADD COLUMN subject TEXT;
ALTER TABLE approval ADD COLUMN caution TEXT;
ALTER TABLE permission ADD COLUMN task INTEGER REFERENCES task (id);
ALTER TABLE permission ADD COLUMN until INTEGER;
ALTER TABLE permission ADD COLUMN everywhere INTEGER NOT NULL DEFAULT 0;
ALTER TABLE permission ADD COLUMN pattern TEXT;

CREATE TRIGGER run_transition BEFORE UPDATE OF state ON run
WHEN OLD.ended_at IS NULL AND OLD.state <> NEW.state AND OLD.state || ' ' || NEW.state NOT IN (
  'queued running', 'queued waiting', 'queued stopped', 'queued failed',
  'running queued', 'running waiting', 'running done', 'running failed', 'running stopped', 'running unknown',
  'waiting queued', 'waiting stopped', 'waiting failed')
BEGIN SELECT RAISE (ABORT, 'a run can not change its state like this'); END;

CREATE TRIGGER task_is_done_with_evidence BEFORE UPDATE OF state ON run
WHEN NEW.state = 'done' AND NEW.kind = 'task' AND NOT EXISTS (
  SELECT 1 FROM entry WHERE run = NEW.id AND type = 'checked' AND body ->> '$.ok' = 1
  AND id > (SELECT max(id) FROM entry WHERE run = NEW.id AND type = 'reply'))
BEGIN SELECT RAISE (ABORT, 'a task is done only with evidence'); END;
`;
