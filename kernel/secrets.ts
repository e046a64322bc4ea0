const bearer = /\b(bearer|basic|token)(["']?[\s:=]+["']?)[\w.~+/=-]{8,}/gi;
const jwt = /\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g;
const urlPassword = /(:\/\/[^\s:@/]*):[^\s@/]+@/g;

/** Cuts secrets out of text that comes from a peer: the ones named, and whatever looks like a bearer token, a JWT or a password in an address. */
export function hideSecrets(text: string, secrets: readonly (string | undefined)[] = []): string {
  let clean = text;
  for (const secret of secrets)
    if (secret !== undefined && secret.length >= 4) clean = clean.replaceAll(secret, '[hidden]');
  return clean
    .replace(jwt, '[hidden]')
    .replace(bearer, (_all, scheme: string, gap: string) => `${scheme}${gap}[hidden]`)
    .replace(urlPassword, '$1:[hidden]@');
}
