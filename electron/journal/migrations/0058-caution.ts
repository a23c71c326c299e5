// What the person was warned of with a question, as a fault in JSON.
export const caution = 'ALTER TABLE approval ADD COLUMN caution TEXT';
