import { html, raw } from 'hono/html';
import type { Incident } from '../../records.ts';
import { renderIncident, renderReply } from '../../tell/thread.ts';
import type { IncidentView } from '../../tell/view.ts';
import type { DrawnSignal } from '../signal.ts';
import { chatMessage } from './blocks.ts';
import type { FormContext } from './button.ts';
import { dayTime, type Html } from './words.ts';

/** What the first page shows. */
export interface NowPage {
  readonly strip: Html;
  readonly incidents: readonly Incident[];
  readonly view: IncidentView | undefined;
  readonly signal: DrawnSignal | undefined;
  readonly fleet: Html;
  readonly forms: FormContext;
}

const mostReplies = 200;

/** The first page: incidents, the thread as Slack shows it, the signal, the fleet. Each live part is replaced by itself. */
export function nowPage(parts: NowPage): Html {
  return html`<div id="live-strip" data-live class="strip">${parts.strip}</div>
    <aside id="live-incidents" data-live class="rail" aria-label="Incidents">${rail(parts.incidents, parts.view?.incident.publicId)}</aside>
    <section id="live-thread" data-live class="thread panel" aria-label="Thread">${parts.view === undefined ? empty() : thread(parts.view, parts.forms)}</section>
    <div class="sight">
      <section id="live-signal" data-live class="panel" aria-label="Signal">${signalPanel(parts.signal)}</section>
      <section id="live-fleet" data-live class="panel" aria-label="SFU fleet">${parts.fleet}</section>
    </div>`;
}

function rail(incidents: readonly Incident[], shown: string | undefined): Html {
  const open = incidents.filter((incident) => incident.closedAtMs === undefined);
  const recent = incidents.filter((incident) => incident.closedAtMs !== undefined);
  const list = (
    title: string,
    some: readonly Incident[],
    none: string,
  ) => html`<h2>${title} <span class="quiet">${some.length}</span></h2>
    ${some.length === 0 ? html`<p class="quiet">${none}</p>` : html`<ul>${some.map((incident) => railItem(incident, incident.publicId === shown))}</ul>`}`;
  return html`${list('Open', open, 'Nothing is wrong that anyone has seen.')}${list('Recent', recent, 'None yet.')}`;
}

function railItem(incident: Incident, shown: boolean): Html {
  const open = incident.closedAtMs === undefined;
  const state = !open ? 'resolved' : incident.acknowledgedAtMs === undefined ? 'firing' : 'acknowledged';
  return html`<li data-key="incident-${incident.publicId}"><a href="/?incident=${incident.publicId}" class="${state}"${shown ? html` aria-current="true"` : ''}>
    <b>${incident.title}</b><span>${state}${incident.sev === undefined ? '' : ` · SEV ${incident.sev}`} · ${dayTime(incident.openedAtMs)}</span></a></li>`;
}

function thread(view: IncidentView, forms: FormContext): Html {
  const replies = view.journal.slice(-mostReplies).flatMap((entry) => {
    const message = renderReply(entry, view);
    return message === undefined ? [] : [chatMessage(message, { key: `reply-${entry.id}`, forms: undefined })];
  });
  const episode = view.episodes.at(-1);
  return html`<header class="panel-head"><h2>Thread</h2><p class="quiet"><a href="/incidents/${view.incident.publicId}">Timeline and postmortem</a>${episode && html` · <a href="/episodes/${episode.id}">Why: every decision</a>`}</p></header>
    <div class="parent">${chatMessage(renderIncident(view), { key: `parent-${view.incident.publicId}`, forms })}</div>
    <p class="replies-head">${replies.length === 0 ? 'No replies yet' : `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`}</p>
    <div class="replies" data-stick tabindex="0" role="log" aria-label="Replies">${replies}</div>`;
}

function empty(): Html {
  return html`<div class="empty"><h2>All quiet</h2>
    <p>When an alert fires, its thread opens here, as Slack shows it: what is wrong and for whom, what the responder does or why it holds back, and the buttons to answer.</p>
    <p>Beside it are the signal with its threshold, and every SFU node with its meetings.</p>
    <p>To see it at work on a simulated platform, run <code>npm run demo</code>, or one drill:</p><pre>npm run gomeet -- drill sfu-saturation</pre></div>`;
}

/** The signal's chart with a sentence above it. */
function signalPanel(signal: DrawnSignal | undefined): Html {
  if (signal === undefined)
    return html`<h2>Signal</h2><p class="quiet">The signal of the alert that you look at is drawn here.</p>`;
  if ('missing' in signal) return html`<h2>Signal</h2><p class="loud">${signal.missing}</p>`;
  return html`<header class="panel-head"><h2>${signal.alert.name}</h2><p>${signal.alert.summary}</p></header>
    <figure class="chart" role="img" aria-label="${signal.alert.name} over time, with its threshold and the moments of the answer">${raw(signal.svg)}</figure>`;
}
