// Tasks that wait for a file or folder: what was last seen of it, so that a change while Nacre was off is noticed too.
export const watch = `
ALTER TABLE task ADD COLUMN watch TEXT;
CREATE INDEX task_watched ON task (state) WHERE schedule ->> '$.type' = 'after-change';
CREATE INDEX task_follows ON task (schedule ->> '$.task') WHERE schedule ->> '$.type' = 'after';
`;
