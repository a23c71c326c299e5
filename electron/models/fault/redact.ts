// Takes keys out of what a server said before a person, a log or a file sees it: servers like to repeat what they were sent.

/** What keys look like: the usual beginnings, what follows "Bearer", signed tokens, and long runs of letters mixed with digits. */
const likeKeys: readonly RegExp[] = [
  /\b(?:sk|pk|rk|gsk|hf|ghp|gho|glpat|xai|xox[abp]|nvapi|key|token)[-_][\w*.-]{5,}/gi,
  /(?<=\bbearer\s+["']?)(?!\[key\])[^\s"',;]{4,}/gi,
  /\bAIza[\w-]{10,}/g,
  /\beyJ[\w-]{8,}(?:\.[\w-]+)*/g,
  /\b(?=[a-z]*\d)(?=\d*[a-z])\w{24,}\b/gi,
];

/** On one line and at most 300 characters long; `key` is the one that was sent, null for none. Pure. */
export function redacted(key: string | null, text: string): string {
  const known = key === null || key === '' ? text : text.replaceAll(key, '[key]');
  const shown = likeKeys.reduce((rest, like) => rest.replace(like, '[key]'), known);
  return shown.replace(/\s+/g, ' ').slice(0, 300);
}
