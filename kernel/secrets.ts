// Order matters: the whole header first, then what may stand alone.
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(authorization["']?\s*[:=]\s*["']?)(?:\w+\s+)?[^\s"',;]+/gi, '$1[hidden]'],
  // With a digit, so that "bearer authentication" stays readable.
  [/\b(bearer|basic)\s+(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}/gi, '$1 [hidden]'],
  [/\b([\w-]*(?:token|secret|password|passwd)["']?\s*[:=]\s*["']?)[^\s"',;&]{4,}/gi, '$1[hidden]'],
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, '[hidden]'],
  [/\b(?:do[opr]_v1_[a-f0-9]{16,}|xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,})/g, '[hidden]'],
  [/(:\/\/[^\s:@/]*):[^\s@/]+@/g, '$1:[hidden]@'],
];

/** Cuts secrets out of text that comes from a peer: the ones named, and whatever looks like an authorization header, a token of a kind we use, or a password in an address. */
export function hideSecrets(text: string, secrets: readonly (string | undefined)[] = []): string {
  let clean = text;
  for (const secret of secrets)
    if (secret !== undefined && secret.length >= 4) clean = clean.replaceAll(secret, '[hidden]');
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean;
}
