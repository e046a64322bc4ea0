import { html } from 'hono/html';
import type { Subject } from '../../records.ts';

/** HTML that is safe to send: made by `html` templates, which escape whatever they are given. */
export type Html = ReturnType<typeof html>;

/** `14:03:07` in UTC, and the whole date on hover. */
export function clockTime(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}" title="${iso.slice(0, 19).replace('T', ' ')} UTC">${iso.slice(11, 19)}</time>`;
}

/** `22 Nov 14:03` in UTC. */
export function dayTime(ms: number): Html {
  const at = new Date(ms);
  const iso = at.toISOString();
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return html`<time datetime="${iso}" title="${iso.slice(0, 19).replace('T', ' ')} UTC">${day} ${iso.slice(11, 16)}</time>`;
}

/** How long ago, counted on by the page's script. */
export function ago(ms: number, nowMs: number): Html {
  return html`<time datetime="${new Date(ms).toISOString()}" data-since="${ms}">${age(nowMs - ms)}</time>`;
}

/** As the page's script writes it, so that the words do not jump: whole seconds, then minutes. */
function age(ms: number): string {
  const seconds = Math.max(0, ms / 1_000);
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A person as people write them: `alice` of `console:alice`; the responder and schedules by their own names. */
export function who(subject: Subject): string {
  const [, kind, name] = /^(console|cli|slack):(.+)$/.exec(subject) ?? [];
  if (kind === undefined || name === undefined) return subject;
  return kind === 'console' ? name : `${name} (${kind === 'slack' ? 'Slack' : 'CLI'})`;
}
