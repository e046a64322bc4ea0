import { maskSecrets } from './mask.ts';

// More than any message holds; what is longer costs time and shows nothing.
const longestText = 20_000;

/** Untrusted text without control, bidi and zero-width characters, without secrets; line breaks stay. */
export function clean(text: string): string {
  const lines = text.slice(0, longestText).toWellFormed().replace(/\r\n?/g, '\n').replace(/\t/g, ' ');
  // Before masking: an invisible character inside a word would hide a secret from it.
  return maskSecrets(lines.replace(/(?!\n)[\p{Cc}\p{Cf}]/gu, '')).trim();
}

/** Cleaned text on one line. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, ' ');
}

/** `&`, `<` and `>` as Slack wants them; with this no label can make a mention, a channel call or a link. */
export function escapeControl(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Untrusted text for a mrkdwn field: no markup of its own gets through. Slack has no escape for `*_~` and the backtick, so look-alikes stand in. */
export function mrkdwn(text: string): string {
  return escapeControl(oneLine(text))
    .replace(/\*/g, '\u2217')
    .replace(/~/g, '\u223c')
    .replace(/`/g, '\u02cb')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\u02cd');
}

/** Untrusted text in code type: nothing inside is markup, and it cannot close the code. */
export function code(text: string): string {
  const inside = escapeControl(oneLine(text).replace(/`/g, '\u02cb'));
  return inside === '' ? '`-`' : `\`${inside}\``;
}

/** Untrusted text for a plain_text field, where Slack reads no markup; angle brackets go all the same. */
export function plain(text: string): string {
  return oneLine(text).replace(/</g, '\u2039').replace(/>/g, '\u203a');
}

/** A link, or only its label when the address is not http(s). */
export function link(url: string, label: string): string {
  if (!/^https?:\/\/[^\s]+$/.test(url) || url.length > 2_000) return mrkdwn(label);
  const address = escapeControl(
    url.replace(/\|/g, '%7C').replace(/</g, '%3C').replace(/>/g, '%3E').replace(/`/g, '%60'),
  );
  return `<${address}|${mrkdwn(label).replace(/\|/g, '/')}>`;
}

/** A moment that each reader sees in their own time zone; UTC where the client cannot. */
export function dateText(atMs: number): string {
  const fallback = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
  return `<!date^${Math.floor(atMs / 1_000)}^{date_short_pretty} {time_secs}|${fallback} UTC>`;
}

/** Mrkdwn as a notification shows it: no code or bold, dates in UTC, links by their label. */
export function notification(text: string): string {
  return text.replace(/<(?:!date|https?:)[^|>]*\|([^>]*)>/g, '$1').replace(/[*`]/g, '');
}

/** Who, as a reader knows them: a Slack mention, or the name behind the colon. */
export function who(subject: string): string {
  const slack = /^slack:[TE][A-Z0-9]+\/([UW][A-Z0-9]+)$/.exec(subject);
  if (slack !== null) return `<@${slack[1]}>`;
  if (subject === 'responder') return 'the responder';
  return mrkdwn(subject.replace(/^(console|cli|schedule):/, ''));
}

/** At most `max` characters of mrkdwn, never cut inside an entity, a `<...>` or a surrogate pair; the end says that something is missing. */
export function cut(text: string, max: number, end = '…'): string {
  if (text.length <= max) return text;
  let head = text
    .slice(0, Math.max(0, max - end.length))
    .toWellFormed()
    .replace(/\ufffd$/, '');
  if (head.lastIndexOf('<') > head.lastIndexOf('>')) head = head.slice(0, head.lastIndexOf('<'));
  head = head.replace(/&[a-z]{0,3}$/, '');
  const open = (head.match(/`/g)?.length ?? 0) % 2 === 1 ? '`' : '';
  return open === '' ? head + end : `${head.slice(0, -1)}\`${end}`;
}
