// The queue is looked at with every step of every run: what is next in a lane, and what wakes next, are found without reading all that waits.
export const queue = `
CREATE INDEX run_queued ON run (lane) WHERE state = 'queued';
CREATE INDEX run_wake ON run (wake_at) WHERE state = 'waiting';
`;
