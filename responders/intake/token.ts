import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether a request carries this bearer token. Compares digests, so that neither the length nor the content of the token shows in the time it takes. */
export function sameToken(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}
