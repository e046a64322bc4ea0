import { html } from 'hono/html';
import type { Html } from './words.ts';

const token =
  /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^*\n]+)\*(?!\w)|(?<![\w_])_([^_\n]+)_(?!\w)|(?<![\w~])~([^~\n]+)~(?!\w)|\n/g;

/** Slack's mrkdwn as HTML. Only what is known becomes markup; all else is text, and only web and mail links are links. */
export function mrkdwn(text: string): Html[] {
  const parts: Html[] = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    if (match.index > at) parts.push(plain(text.slice(at, match.index)));
    parts.push(element(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(plain(text.slice(at)));
  return parts;
}

function element(match: RegExpMatchArray): Html {
  const [whole, block, code, angle, bold, italic, strike] = match;
  if (block !== undefined) return html`<pre>${decode(block.replace(/^\n/, ''))}</pre>`;
  if (code !== undefined) return html`<code>${decode(code)}</code>`;
  if (angle !== undefined) return special(angle);
  if (bold !== undefined) return html`<strong>${mrkdwn(bold)}</strong>`;
  if (italic !== undefined) return html`<em>${mrkdwn(italic)}</em>`;
  if (strike !== undefined) return html`<s>${mrkdwn(strike)}</s>`;
  return whole === '\n' ? html`<br>` : plain(whole);
}

function special(inside: string): Html {
  const [target = '', label] = splitOnce(inside, '|');
  if (target.startsWith('!date^')) return date(target, label);
  if (/^[@#!]/.test(target)) return html`<span class="mention">${decode(label ?? target.replace(/^!/, '@'))}</span>`;
  const url = decode(target);
  if (!isLink(url)) return plain(label === undefined ? target : `${label} (${target})`);
  return html`<a href="${url}" rel="noreferrer">${decode(label ?? target)}</a>`;
}

/** mrkdwn as bare words, where no markup can be shown. */
export function textOf(text: string): string {
  return decode(
    text
      .replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, target: string, label?: string) => label ?? target)
      .replace(/[*`]/g, ''),
  );
}

/** Whether an address may become a link: no scripts, no data. */
export function isLink(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:', 'mailto:'].includes(new URL(url).protocol);
}

function date(target: string, fallback: string | undefined): Html {
  const [, seconds = '', format = ''] = target.split('^');
  const at = new Date(Number(seconds) * 1_000);
  if (seconds === '' || Number.isNaN(at.getTime())) return plain(fallback ?? target);
  const iso = at.toISOString();
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const words: Record<string, string> = {
    time: `${iso.slice(11, 16)} UTC`,
    time_secs: `${iso.slice(11, 19)} UTC`,
    date_num: iso.slice(0, 10),
  };
  const text = decode(format).replace(
    /\{(\w+)\}/g,
    (_, name: string) => words[name] ?? (name.startsWith('date') ? day : iso),
  );
  return html`<time datetime="${iso}" title="${iso}">${text}</time>`;
}

function plain(text: string): Html {
  return html`${decode(text)}`;
}

/** Slack's own escapes, of which there are three; the template then escapes for HTML. */
function decode(text: string): string {
  return text.replace(/&(lt|gt|amp);/g, (_, name: string) => (name === 'lt' ? '<' : name === 'gt' ? '>' : '&'));
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
