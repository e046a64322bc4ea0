import { html, raw } from 'hono/html';
import type { Alert } from '../../../alerts/define.ts';
import { humanMs } from '../../../kernel/duration.ts';
import { refusalTexts } from '../../decide/reasons.ts';
import type { Episode } from '../../records.ts';
import type { IncidentView } from '../../tell/view.ts';
import { count } from '../../tell/words.ts';
import type { DrawnSignal } from '../signal.ts';
import { type Decision, decisionsOf, type GuardTrace } from '../trace.ts';
import { isLink } from './mrkdwn.ts';
import { runsPanel } from './runs.ts';
import { ago, clockTime, dayTime, type Html } from './words.ts';

/** The page that answers "why": every decision about one episode, guard by guard, and what came of it. */
export function episodePage(parts: {
  view: IncidentView;
  episode: Episode;
  spark: DrawnSignal | undefined;
  nowMs: number;
}): Html {
  const { view, episode, nowMs } = parts;
  const alert = view.alerts[episode.alertname];
  const journal = view.journal.filter((entry) => entry.episodeId === episode.id);
  const decisions = decisionsOf(journal);
  const runs = view.runs.filter((run) => run.episodeId === episode.id);
  return html`<header class="page-head"><p class="quiet"><a href="/?incident=${view.incident.publicId}">${view.incident.title}</a> · episode <code>${episode.id}</code></p>
      <h1>Why: ${episode.alertname}</h1>
      <div class="page-facts">${parts.spark !== undefined && 'svg' in parts.spark ? html`<span class="spark" role="img" aria-label="The signal and its threshold">${raw(parts.spark.svg)}</span>` : ''}
        <p>${stateWords(episode, nowMs)}</p></div></header>
    <div class="columns">
      <section id="live-decisions" data-live class="panel wide"><h2>Decisions <span class="quiet">newest first, times in UTC</span></h2>
        ${decisions.length === 0 ? html`<p class="quiet">None yet. A decision is made when the alert comes in, and again while it is open.</p>` : decisions.map((decision, index) => decisionCard(decision, index === 0))}</section>
      <div class="stack">
        <section id="live-runs" data-live class="panel"><h2>What was done</h2>${runsPanel(runs, nowMs)}</section>
        <section class="panel"><h2>Labels</h2><dl class="labels">${Object.entries(episode.labels).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>
        <section class="panel"><h2>Runbook</h2>${runbook(alert, episode)}</section>
      </div></div>`;
}

function stateWords(episode: Episode, nowMs: number): Html {
  const refusal =
    episode.refusal === undefined
      ? ''
      : html` <span class="loud">Holding back: ${refusalTexts[episode.refusal]}</span>`;
  if (episode.closedAtMs !== undefined)
    return html`Over: from ${dayTime(episode.openedAtMs)} to ${dayTime(episode.closedAtMs)}, ${humanMs(episode.closedAtMs - episode.openedAtMs)}.`;
  if (episode.resolvedAtMs !== undefined)
    return html`No longer firing since ${clockTime(episode.resolvedAtMs)}; being checked, for resolved is no proof.${refusal}`;
  return html`Open for ${ago(episode.openedAtMs, nowMs)}${episode.silenced && ', silenced'}.${refusal}`;
}

function decisionCard(decision: Decision, open: boolean): Html {
  const { entry, guards, plan, action } = decision;
  const stop = guards.find((guard) => guard.verdict === 'refuse');
  const outcome = stop === undefined ? 'go' : 'hold';
  const touches = plan?.touches;
  return html`<details class="decision ${outcome}" id="decision-${entry.id}" data-key="decision-${entry.id}"${open ? html` open` : ''}>
    <summary>${clockTime(entry.atMs)} <b>${stop === undefined ? 'Go' : 'Hold'}</b> <span class="word">${entry.kind}${stop?.reason === undefined ? '' : `: ${stop.reason}`}</span>
      <span class="says">${plan?.says ?? entry.text}</span></summary>
    ${plan && html`<p class="plan">Plan: <b>${action}</b> on <code>${plan.target}</code>. ${plan.says}${touches && html` <span class="quiet">Touches ${count(touches.pods, 'pod')}, ${count(touches.rooms, 'room')}, ${count(touches.participants, 'participant')}.</span>`}</p>`}
    <table class="guards"><thead><tr><th scope="col">Guard</th><th scope="col">Verdict</th><th scope="col">What it saw</th><th scope="col">Age</th></tr></thead>
      <tbody>${guards.map(guardRow)}</tbody></table></details>`;
}

function guardRow(guard: GuardTrace): Html {
  const passes = guard.verdict === 'pass';
  return html`<tr class="${guard.verdict}"><th scope="row">${guard.guard}</th><td><span class="verdict">${passes ? 'pass' : (guard.reason ?? 'refuse')}</span></td><td>${guard.saw}</td><td>${guard.ageSeconds === undefined ? html`<span class="quiet">now</span>` : humanMs(guard.ageSeconds * 1_000)}</td></tr>`;
}

function runbook(alert: Alert | undefined, episode: Episode): Html {
  const url = episode.annotations['runbook_url'];
  const link =
    url !== undefined && isLink(url) ? html`<p><a href="${url}" rel="noreferrer">The runbook's own page</a></p>` : '';
  if (alert === undefined)
    return html`<p class="loud">No runbook: it is journalled and told, never acted on.</p>${link}`;
  const { meaning, impact, mitigation } = alert.runbook;
  return html`<h3>Meaning</h3><p>${meaning}</p><h3>Impact</h3><p>${impact}</p><h3>Mitigation, in order</h3>
    <ol>${mitigation.map((step) => html`<li>${step.say} <span class="quiet"><code>${step.action}</code>${step.approval === 'none' ? '' : `, ${step.approval === 'one' ? 'one person' : 'two people'} must agree`}</span></li>`)}</ol>${link}`;
}
