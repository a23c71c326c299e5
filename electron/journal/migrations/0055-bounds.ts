// Permissions by pattern and for everywhere; what a run used beside its replies, and what it must show at its end.
export const bounds = `
ALTER TABLE approval ADD COLUMN subject TEXT;
ALTER TABLE permission ADD COLUMN everywhere INTEGER NOT NULL DEFAULT 0;
ALTER TABLE permission ADD COLUMN pattern TEXT;

ALTER TABLE run ADD COLUMN beside TEXT NOT NULL DEFAULT '{"tokens":0,"minutes":0,"steps":0}';
ALTER TABLE run ADD COLUMN acceptance TEXT;
`;
