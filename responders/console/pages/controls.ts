import { html } from 'hono/html';
import type { Alert } from '../../../alerts/define.ts';
import { modes } from '../../../alerts/vocabulary.ts';
import type { JournalEntry } from '../../records.ts';
import type { Controls, Switch } from '../../store/controls.ts';
import { type FormContext, hidden } from './button.ts';
import { dayTime, type Html, who } from './words.ts';

/** Everything that holds the responder back or lets it go, each a small form with a reason. */
export function controlsPage(parts: {
  controls: Controls;
  alerts: Readonly<Record<string, Alert>>;
  history: readonly JournalEntry[];
  forms: FormContext;
}): Html {
  const { controls, forms } = parts;
  return html`<header class="page-head"><h1>Controls</h1><p class="quiet">Each takes effect with the next decision. All guards run again right before an act. Who did what, and why, is journalled.</p></header>
    <div class="cards">
      ${card('Stop everything', 'Nothing is done to the platform, whatever fires, until someone resumes. People are still told and called.', controls.stopped, 'stop-all', 'resume', { on: 'Stop all', off: 'Resume', tone: 'danger', expires: false }, forms)}
      ${card('Freeze', 'No act on the platform for a while. People are still told and called.', controls.frozen, 'freeze', 'unfreeze', { on: 'Freeze', off: 'End the freeze', tone: 'primary', expires: true }, forms)}
      ${card('Live event', 'Nothing that could disturb a meeting.', controls.liveEvent, 'live-event', 'end-live-event', { on: 'Start', off: 'End the live event', tone: 'primary', expires: true }, forms)}
      ${card('Break glass', 'You alone may do what needs two people, even in a freeze, until it expires. Everyone is told.', controls.breakGlass, 'break-glass', 'end-break-glass', { on: 'Break the glass', off: 'Give it back', tone: 'danger', expires: true }, forms)}
    </div>
    <section id="live-modes" data-live class="panel"><h2>Modes <span class="quiet">how far each runbook may go: record what it would do, propose it, or do it</span></h2>${modeTable(parts.alerts, controls, forms)}</section>
    <section id="live-history" data-live class="panel"><h2>Who did it when</h2>${parts.history.length === 0 ? html`<p class="quiet">Nobody has changed a control yet.</p>` : html`<ol class="timeline">${parts.history.map((entry) => html`<li>${dayTime(entry.atMs)} <span class="word">${who(entry.subject)}</span> <span>${entry.text}</span></li>`)}</ol>`}</section>`;
}

interface CardWords {
  readonly on: string;
  readonly off: string;
  readonly tone: 'primary' | 'danger';
  readonly expires: boolean;
}

function card(
  title: string,
  says: string,
  set: Switch | undefined,
  on: string,
  off: string,
  words: CardWords,
  forms: FormContext,
): Html {
  const until = words.expires
    ? html`<label>For <select name="for"><option>30m</option><option selected>1h</option><option>4h</option><option>12h</option></select></label>`
    : '';
  return html`<section id="live-${on}" data-live class="panel control ${set === undefined ? '' : 'in-force'}"><h2>${title} <span class="chip ${set === undefined ? '' : 'bad'}">${set === undefined ? 'off' : 'in force'}</span></h2>
    <p>${says}</p>${set && html`<p><b>${who(set.by)}</b> since ${dayTime(set.setAtMs)}${set.expiresAtMs !== undefined && html` until ${dayTime(set.expiresAtMs)}`}: ${set.reason}</p>`}
    <form method="post" action="/control" data-send id="form-${on}">${hidden(forms)}<input type="hidden" name="control" value="${set === undefined ? on : off}">
      ${set === undefined ? until : ''}<label>Why <input name="reason" maxlength="200" required minlength="3" placeholder="everyone reads this"></label>
      <button class="button ${set === undefined ? words.tone : 'primary'}">${set === undefined ? words.on : words.off}</button></form></section>`;
}

function modeTable(alerts: Readonly<Record<string, Alert>>, controls: Controls, forms: FormContext): Html {
  return html`<table class="modes"><thead><tr><th scope="col">Runbook</th><th scope="col">In force</th><th scope="col">Declared</th><th scope="col">Change</th></tr></thead><tbody>${Object.values(
    alerts,
  ).map((alert) => {
    const set = controls.modes.get(alert.name);
    const mode = set?.mode ?? alert.response.mode;
    return html`<tr><th scope="row">${alert.name}</th><td><span class="chip ${mode === 'auto' ? 'good' : 'warn'}">${mode}</span>${set && html` <span class="quiet">${who(set.by)}: ${set.reason}</span>`}</td><td>${alert.response.mode}</td>
      <td><form method="post" action="/control" data-send class="row" id="form-mode-${alert.name}">${hidden(forms)}<input type="hidden" name="control" value="mode"><input type="hidden" name="alertname" value="${alert.name}">
        <select name="mode" aria-label="Mode of ${alert.name}">${modes.map((one) => html`<option${one === mode ? html` selected` : ''}>${one}</option>`)}</select><input name="reason" maxlength="200" required minlength="3" placeholder="why" aria-label="Why"><button class="button">Set</button></form></td></tr>`;
  })}</tbody></table>`;
}
