import { humanMs } from '../../kernel/duration.ts';
import { formatUsd } from '../../kernel/money.ts';
import { stepText } from '../act/procedure.ts';
import { type RefusalReason, refusalTexts } from '../decide/reasons.ts';
import type { Run, RunState } from '../records.ts';
import { code, dateText, mrkdwn, who } from './escape.ts';
import { alertOf, type IncidentView, incidentState, openEpisodes } from './view.ts';

/** `1 room`, `3 rooms`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** Each state of a run as a person reads it. */
export const runStateTexts: Readonly<Record<RunState, string>> = {
  proposed: 'waits for approval',
  intended: 'is being done',
  verifying: 'done; its effect is being checked',
  verified: 'done, effect verified',
  'not-improved': 'done, did not help',
  unknown: 'done, effect unknown: a person has to look',
  failed: 'failed',
  abandoned: 'given up',
  denied: 'denied',
  expired: 'expired without an answer',
};

const over: ReadonlySet<RunState> = new Set([
  'verified',
  'not-improved',
  'unknown',
  'failed',
  'abandoned',
  'denied',
  'expired',
]);

/** Runs that still go on or wait, oldest first. */
function activeRuns(view: IncidentView): readonly Run[] {
  return view.runs.filter((run) => !over.has(run.state));
}

/** For whom: the platform's units when a source could say, else what the labels name. */
export function affectedLine(view: IncidentView): string {
  const where = whereText(view);
  const affected = view.affected;
  if (affected === undefined)
    return where === '' ? 'not known: no source could say' : `${where}; rooms and participants not known`;
  const people = `${count(affected.rooms, 'room')}, ${count(affected.participants, 'participant')}`;
  return where === '' ? people : `${people} on ${where}`;
}

function whereText(view: IncidentView): string {
  const names = new Set<string>();
  for (const episode of view.episodes) {
    for (const label of ['service', 'node', 'region'] as const) {
      const value = episode.labels[label];
      if (value !== undefined && value !== '') names.add(`${label} ${code(value.slice(0, 80))}`);
    }
  }
  const shown = [...names].slice(0, 4);
  return names.size > shown.length ? `${shown.join(', ')} and ${names.size - shown.length} more` : shown.join(', ');
}

/** Whether anything is being done, and why not if not: the sentence that the engineer woken at three looks for. */
export function doingLine(view: IncidentView): string {
  if (incidentState(view) === 'resolved') return overLine(view);
  const active = activeRuns(view);
  const waiting = active.find((run) => run.state === 'proposed');
  const working = active.filter((run) => run.state !== 'proposed').at(-1);
  const sentences = [waiting && waitingText(waiting), working && workingText(working)].filter(
    (text) => text !== undefined,
  );
  if (sentences.length === 0) sentences.push(...idleSentences(view));
  return sentences.join(' ');
}

function waitingText(run: Run): string {
  const missing = Math.max(1, run.approvalsNeeded - run.approvals.length);
  return `*Waiting for ${missing === 1 ? 'one approval' : `${missing} approvals`}:* ${mrkdwn(run.says)}.`;
}

function workingText(run: Run): string {
  if (run.state === 'intended') return `Being done now: ${mrkdwn(run.says)}.`;
  const under = stepText(run);
  if (under !== undefined) return `Under way: ${mrkdwn(run.says)}; ${mrkdwn(under)}.`;
  const deadline = run.deadlineMs === undefined ? '' : ` by ${dateText(run.deadlineMs)}`;
  return `Done: ${mrkdwn(run.says)}. The effect must show${deadline}.`;
}

function idleSentences(view: IncidentView): string[] {
  const last = view.runs.filter((run) => over.has(run.state)).at(-1);
  const before = last === undefined ? [] : [`Last: ${mrkdwn(last.says)} (${runStateTexts[last.state]}).`];
  const refusal = refusalLine(view);
  if (refusal !== undefined) return [...before, refusal];
  if (last !== undefined) return before;
  const names = openEpisodes(view).map((episode) => episode.alertname);
  if (names.length > 0 && names.every((name) => alertOf(view, name) === undefined)) {
    return ['*Nothing is being done:* this alert has no runbook. A person has to look.'];
  }
  return ['Nothing has been done yet: the responder is deciding.'];
}

/** What the responder refuses and why, but for the reasons in `except`, with the word that metrics and reports use; undefined when no refusal stands. */
export function refusalLine(view: IncidentView, except: readonly RefusalReason[] = []): string | undefined {
  const reasons = new Set(
    openEpisodes(view).flatMap((episode) => (episode.refusal === undefined ? [] : [episode.refusal])),
  );
  for (const reason of except) reasons.delete(reason);
  if (reasons.size === 0) return undefined;
  const texts = [...reasons].slice(0, 3).map((reason) => `${refusalTexts[reason]} (\`${reason}\`)`);
  const would = reasons.has('shadow') ? view.journal.filter((entry) => entry.kind === 'would-act').at(-1) : undefined;
  return `*Nothing is being done:* ${texts.join(' ')}${would === undefined ? '' : ` It would: ${mrkdwn(would.text)}`}`;
}

function overLine(view: IncidentView): string {
  const { incident } = view;
  const lasted = humanMs(Math.max(0, (incident.closedAtMs ?? incident.openedAtMs) - incident.openedAtMs));
  const helped = view.runs.filter((run) => run.state === 'verified').at(-1);
  const cost =
    view.impairedParticipantMinutes === undefined
      ? ''
      : ` ${count(Math.round(view.impairedParticipantMinutes), 'impaired participant-minute')}.`;
  return `Over after ${lasted}. ${helped === undefined ? 'No act of the responder was verified as the cause.' : `What helped: ${mrkdwn(helped.says)}.`}${cost}`;
}

/** The stamp that stands where a run's buttons were. */
export function runStamp(run: Run): string {
  const approved = run.approvals.length === 0 ? '' : `; approved by ${run.approvals.map(who).join(' and ')}`;
  const reason = run.reason === undefined || run.reason === '' ? '' : `: ${mrkdwn(run.reason)}`;
  return `${runStateTexts[run.state]}${reason}; asked by ${who(run.requestedBy)}${approved}${run.breakGlass ? '; *break glass*' : ''}`;
}

/** An hourly price beside an act: `+$1.00/h`. */
export function hourly(amount: Parameters<typeof formatUsd>[0]): string {
  return `${amount < 0 ? '' : '+'}${formatUsd(amount)}/h`;
}
