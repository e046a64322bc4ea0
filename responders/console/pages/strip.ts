import { html } from 'hono/html';
import { humanMs } from '../../../kernel/duration.ts';
import type { Controls, Switch } from '../../store/controls.ts';
import type { WorldAge } from '../data.ts';
import { ago, dayTime, type Html, who } from './words.ts';

const partWords = { cluster: 'Kubernetes', fleet: 'SFU fleet', cloud: 'DigitalOcean' } as const;

/** The line under the header: what holds the responder back, and how fresh what it decides on is. */
export function strip(controls: Controls, world: readonly WorldAge[], inboxRows: number, nowMs: number): Html {
  const { stopped, frozen, liveEvent, breakGlass, modes } = controls;
  const free = !stopped && !frozen && !liveEvent;
  return html`<div class="strip-side" aria-label="Controls in force">
      ${stopped ? chip('bad', 'Stopped', stopped) : html`<a class="chip ${free ? 'good' : ''}" href="/controls">${free ? 'Free to act' : 'Not stopped'}</a>`}
      ${frozen && chip('warn', 'Freeze', frozen)}${liveEvent && chip('warn', 'Live event', liveEvent)}${breakGlass && chip('bad', 'Break glass', breakGlass)}
      ${modes.size > 0 && html`<a class="chip warn" href="/controls">${[...modes].slice(0, 3).map(([name, { mode }], index) => `${index > 0 ? ', ' : ''}${name}: ${mode}`)}${modes.size > 3 && ` and ${modes.size - 3} more`}</a>`}
    </div><div class="strip-side" aria-label="Age of what is known">
      ${world.map((age) => ageChip(age, nowMs))}
      <span class="chip ${inboxRows > 100 ? 'warn' : ''}">Inbox <b>${inboxRows.toLocaleString('en-US')}</b></span></div>`;
}

function chip(tone: string, word: string, set: Switch): Html {
  return html`<a class="chip ${tone}" href="/controls" title="${set.reason}"><b>${word}</b> by ${who(set.by)}${set.expiresAtMs !== undefined && html` until ${dayTime(set.expiresAtMs)}`}</a>`;
}

function ageChip(age: WorldAge, nowMs: number): Html {
  const word = partWords[age.part];
  if (age.observedAtMs === undefined) return html`<span class="chip bad">${word} <b>no data</b></span>`;
  const stale = nowMs - age.observedAtMs > age.maxAgeMs;
  return html`<span class="chip ${stale ? 'bad' : ''}" title="Older than ${humanMs(age.maxAgeMs)} is no data">${word} ${stale ? html`<b>no data for</b> ` : ''}${ago(age.observedAtMs, nowMs)}</span>`;
}
