import { html } from 'hono/html';
import { humanMs } from '../../../kernel/duration.ts';
import type { Run, RunState } from '../../records.ts';
import { runStateTexts } from '../../tell/words.ts';
import { ago, clockTime, type Html, who } from './words.ts';

const tones: Partial<Record<RunState, string>> = {
  verified: 'good',
  failed: 'bad',
  'not-improved': 'bad',
  unknown: 'warn',
  proposed: 'warn',
  abandoned: 'warn',
  denied: 'warn',
  expired: 'warn',
};

const ends: Partial<Record<RunState, string>> = {
  'not-improved': 'not improved',
  unknown: 'effect unknown',
  failed: 'failed',
  abandoned: 'given up',
  denied: 'denied',
  expired: 'expired',
};

/** The life of each run, from the intent to the proof, newest first. */
export function runsPanel(runs: readonly Run[], nowMs: number): Html {
  if (runs.length === 0) return html`<p class="quiet">Nothing.</p>`;
  return html`${runs.toReversed().map((run) => runCard(run, nowMs))}`;
}

function runCard(run: Run, nowMs: number): Html {
  const people = run.approvals.map(who).join(', ');
  return html`<article class="run ${tones[run.state] ?? ''}" data-key="run-${run.id}-${run.state}">
    <p><b>${run.action}</b> on <code>${run.target}</code> <span class="chip ${tones[run.state] ?? ''}">${runStateTexts[run.state]}</span></p>
    <p>${run.says}</p>
    <ol class="life">${[
      step('asked for', run.createdAtMs, undefined, `by ${who(run.requestedBy)}`),
      run.approvalsNeeded > 0 || people !== ''
        ? html`<li><b>agreed</b> ${people === '' ? 'nobody yet' : people}, ${run.approvals.length} of ${run.approvalsNeeded}</li>`
        : '',
      step('intended', run.intendedAtMs, run.createdAtMs),
      step('acted', run.actedAtMs, run.intendedAtMs),
      step(ends[run.state] ?? 'verified', run.finishedAtMs, run.actedAtMs),
    ]}</ol>
    ${run.reason !== undefined && html`<p class="quiet">${run.reason}</p>`}
    ${run.state === 'verifying' && run.deadlineMs !== undefined && html`<p class="quiet">acted ${run.actedAtMs === undefined ? '' : ago(run.actedAtMs, nowMs)} ago; the effect must show by ${clockTime(run.deadlineMs)}</p>`}
    ${run.breakGlass && html`<p class="loud">Under break glass: one person acted alone.</p>`}</article>`;
}

function step(word: string, atMs: number | undefined, beforeMs: number | undefined, more?: string): Html {
  if (atMs === undefined) return html`<li class="open"><b>${word}</b> <span class="quiet">not yet</span></li>`;
  const took =
    beforeMs === undefined ? '' : html` <span class="quiet">after ${humanMs(Math.max(0, atMs - beforeMs))}</span>`;
  return html`<li class="done"><b>${word}</b> ${clockTime(atMs)}${took} ${more ?? ''}</li>`;
}
