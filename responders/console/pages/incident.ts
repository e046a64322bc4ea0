import { html } from 'hono/html';
import { humanMs } from '../../../kernel/duration.ts';
import type { JournalEntry } from '../../records.ts';
import { type IncidentView, incidentState } from '../../tell/view.ts';
import { runsPanel } from './runs.ts';
import { ago, clockTime, dayTime, type Html, who } from './words.ts';

/** One incident: who leads it, its times, all that was said and done, and the draft of its postmortem. */
export function incidentPage(parts: { view: IncidentView; draft: string; nowMs: number }): Html {
  const { view, nowMs } = parts;
  const { incident } = view;
  const statuses = view.journal.filter((entry) => entry.kind === 'status');
  return html`<header class="page-head"><p class="quiet"><a href="/?incident=${incident.publicId}">Thread, signal and fleet</a> · <code>${incident.publicId}</code></p>
      <h1>${incident.title}</h1></header>
    <div class="columns">
      <section id="live-timeline" data-live class="panel wide"><h2>Timeline <span class="quiet">times in UTC</span></h2>${timeline(view.journal)}</section>
      <div class="stack">
        <section id="live-facts" data-live class="panel"><h2>Incident</h2>${facts(view, nowMs)}</section>
        <section id="live-status" data-live class="panel"><h2>Status updates</h2>${statuses.length === 0 ? html`<p class="quiet">None.</p>` : html`<ol class="life">${statuses.map((entry) => html`<li class="done">${clockTime(entry.atMs)} <b>${who(entry.subject)}</b> ${entry.text}</li>`)}</ol>`}</section>
        <section id="live-runs" data-live class="panel"><h2>What was done</h2>${runsPanel(view.runs, nowMs)}</section>
        <section class="panel"><h2>Alerts</h2><ul>${view.episodes.map((episode) => html`<li><a href="/episodes/${episode.id}">Why: ${episode.alertname}</a> <span class="quiet">${dayTime(episode.openedAtMs)}</span></li>`)}</ul></section>
      </div></div>
    <section id="live-draft" data-live class="panel"><header class="panel-head"><h2>Postmortem, draft</h2><p><a href="/incidents/${incident.publicId}/postmortem.md" download>Download as Markdown</a></p></header><pre class="draft">${parts.draft}</pre></section>`;
}

function facts({ incident, ...view }: IncidentView, nowMs: number): Html {
  const since = (ms: number | undefined) =>
    ms === undefined
      ? html`<span class="quiet">not yet</span>`
      : html`${clockTime(ms)} <span class="quiet">after ${humanMs(Math.max(0, ms - incident.openedAtMs))}</span>`;
  return html`<dl class="labels"><dt>state</dt><dd>${incidentState({ incident, ...view })}</dd>
    <dt>alert severity</dt><dd>${incident.severity}</dd>
    <dt>declared</dt><dd>${incident.sev === undefined ? html`<span class="quiet">no</span>` : html`SEV ${incident.sev} ${since(incident.declaredAtMs)}`}</dd>
    <dt>commander</dt><dd>${incident.commander === undefined ? html`<span class="quiet">nobody</span>` : who(incident.commander)}</dd>
    <dt>opened</dt><dd>${dayTime(incident.openedAtMs)}, ${ago(incident.openedAtMs, nowMs)} ago</dd>
    <dt>acknowledged</dt><dd>${since(incident.acknowledgedAtMs)} ${incident.acknowledgedBy === undefined ? '' : `by ${who(incident.acknowledgedBy)}`}</dd>
    <dt>escalated</dt><dd>${since(incident.escalatedAtMs)}</dd><dt>closed</dt><dd>${since(incident.closedAtMs)}</dd></dl>`;
}

function timeline(journal: readonly JournalEntry[]): Html {
  if (journal.length === 0) return html`<p class="quiet">Nothing yet.</p>`;
  return html`<ol class="timeline">${journal.map(
    (entry) =>
      html`<li class="k-${entry.kind}" data-key="line-${entry.id}">${clockTime(entry.atMs)} <span class="word">${entry.kind}</span> <span>${entry.text}</span> <span class="quiet">${who(entry.subject)}</span></li>`,
  )}</ol>`;
}
