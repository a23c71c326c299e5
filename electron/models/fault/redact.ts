// Takes keys out of what a server said before a person, a log or a file sees it: servers like to repeat what they were sent.

/** What keys look like: the usual beginnings, what follows "Bearer" or "API key:", signed tokens, and long runs of letters mixed with digits. */
const likeKeys: readonly RegExp[] = [
  /\bsk-[\w*.-]{6,}/gi,
  /\b(?:pk|rk|gsk|hf|ghp|gho|glpat|xai|xox[abp]|nvapi)[-_](?=[\w*-]*[\d*])[\w*-]{6,}/gi,
  /(?<=\bbearer\s+["']?)(?=\S*[\d*]|\S{16})(?!\[key\])[^\s"',;)]{4,}/gi,
  /(?<=\bapi[-_ ]?key(?: provided)?["']?\s*[:=]\s*["']?)(?!\[key\])[^\s"',;)]{4,}/gi,
  /\bAIza[\w-]{10,}/g,
  /\beyJ[\w-]{8,}(?:\.[\w-]+)*/g,
  /\b(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{24,}\b/gi,
];

/** Keys are looked for in the beginning only, which is more than is shown. */
const beginning = 4000;

/** On one line and at most 300 characters long; `key` is the one that was sent, null for none. Pure. */
export function redacted(key: string | null, text: string): string {
  const known = (key === null || key === '' ? text : text.replaceAll(key, '[key]')).slice(0, beginning);
  const shown = likeKeys.reduce((rest, like) => rest.replace(like, '[key]'), known);
  return shown.replace(/\s+/g, ' ').slice(0, 300);
}
