// Each pattern keeps what says which secret it was, and hides the secret. Repetitions are bounded: the text is hostile.
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[hidden private key]'],
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token|digest)\s+)?)[^\s"',;]+/gi, '$1[hidden]'],
  [/\b(bearer\s+)[\w.~+/=-]{8,}/gi, '$1[hidden]'],
  [/\beyJ[\w-]{5,2000}\.[\w-]{5,4000}(?:\.[\w-]*)?/g, '[hidden JWT]'],
  [/\b(xox[abeoprs]|xapp)-[\w-]{5,}/g, '[hidden Slack token]'],
  [/\bdo[opr]_v1_[a-f0-9]{8,}/g, '[hidden DigitalOcean token]'],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, '[hidden access key]'],
  [/\bgh[pousr]_\w{16,}/g, '[hidden token]'],
  [/https:\/\/hooks\.slack\.com\/\S+/g, '[hidden webhook]'],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,256}:)[^\s@/]{1,512}@/gi, '$1[hidden]@'],
  [
    /((?:password|passwd|\bpwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w-]{0,24}["']?\s{0,4}[:=]\s{0,4})("[^"]*"|'[^']*'|[^\s"',;&]+)/gi,
    '$1[hidden]',
  ],
  [/((?:set-)?cookie\s*:\s*)[^\n]+/gi, '$1[hidden]'],
];

/** Text with passwords, tokens, keys and credentials in addresses replaced by a word that says what stood there. */
export function maskSecrets(text: string): string {
  return patterns.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}
