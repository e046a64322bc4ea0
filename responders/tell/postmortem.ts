import { humanMs } from '../../kernel/duration.ts';
import type { ClusterWarnings } from '../act/cluster-warnings.ts';
import { progressOf } from '../act/procedure.ts';
import type { JournalEntry, Run } from '../records.ts';
import { oneLine } from './escape.ts';
import type { IncidentView } from './view.ts';
import { count, runStateTexts } from './words.ts';

/** How long it took, in milliseconds; undefined for what never happened. */
export interface IncidentTimes {
  /** From the earliest start that Prometheus gives to our first knowing of it. */
  readonly timeToDetectMs: number | undefined;
  /** From opening to the acknowledgement. */
  readonly timeToAcknowledgeMs: number | undefined;
  /** From opening to closing. */
  readonly timeToResolveMs: number | undefined;
}

/** The times of an incident, from its records; never negative, since clocks differ. */
export function incidentTimes(view: IncidentView): IncidentTimes {
  const { incident, episodes } = view;
  const since = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : Math.max(0, to - from);
  const started = episodes.length === 0 ? undefined : Math.min(...episodes.map((episode) => episode.startsAtMs));
  return {
    timeToDetectMs: since(started, incident.openedAtMs),
    timeToAcknowledgeMs: since(incident.openedAtMs, incident.acknowledgedAtMs),
    timeToResolveMs: since(incident.openedAtMs, incident.closedAtMs),
  };
}

/** A postmortem draft in Markdown: what the journal knows is filled in, what only people know is left as a question. `view.journal` should be the whole journal; `warnings` is what the cluster says now, or why it could not be asked. */
export function renderPostmortem(view: IncidentView, warnings?: ClusterWarnings | string): string {
  const { incident } = view;
  const times = incidentTimes(view);
  return [
    `# Postmortem: ${md(incident.title)}`,
    `Draft from the journal of incident ${md(incident.publicId)}. Blameless: it asks what made the mistake easy, not who made it.`,
    '## Summary',
    table([
      ['Severity', incident.sev === undefined ? incident.severity : `SEV ${incident.sev} (${incident.severity})`],
      ['Commander', incident.commander ?? 'nobody'],
      ['Opened', utc(incident.openedAtMs)],
      ['Closed', incident.closedAtMs === undefined ? 'still open' : utc(incident.closedAtMs)],
      ['Time to detect', time(times.timeToDetectMs)],
      ['Time to acknowledge', time(times.timeToAcknowledgeMs)],
      ['Time to resolve', time(times.timeToResolveMs)],
      [
        'Impaired participant-minutes',
        view.impairedParticipantMinutes === undefined
          ? 'not measured'
          : Math.round(view.impairedParticipantMinutes).toLocaleString('en-US'),
      ],
      ['Alerts', [...new Set(view.episodes.map((episode) => episode.alertname))].join(', ') || 'none'],
    ]),
    '## What was done, and whether it helped',
    view.runs.length === 0 ? 'No act was taken or proposed.' : view.runs.map(runLine).join('\n'),
    ...clusterEvents(view, warnings),
    '## Timeline (UTC)',
    timeline(view.journal),
    '## Causes\n\n_What let this happen? What made it worse, what made it better?_',
    '## What to change\n\n| Change | Owner | By |\n| --- | --- | --- |\n| | | |',
    '',
  ].join('\n\n');
}

function runLine(run: Run): string {
  const approved = run.approvals.length === 0 ? '' : `, approved by ${run.approvals.map(md).join(' and ')}`;
  const took =
    run.state !== 'verified' || run.finishedAtMs === undefined || run.actedAtMs === undefined
      ? ''
      : `, effect seen after ${humanMs(Math.max(0, run.finishedAtMs - run.actedAtMs))}`;
  const reason = run.reason === undefined || run.reason === '' ? '' : ` (${md(run.reason)})`;
  return `- ${md(run.says)}: ${runStateTexts[run.state]}${reason}; asked by ${md(run.requestedBy)}${approved}${took}${run.breakGlass ? '; break glass' : ''}`;
}

/** What looks at the cluster's events have found: it forgets them after an hour, the runs do not; and what it says itself now. */
function clusterEvents({ runs }: IncidentView, now: ClusterWarnings | string | undefined): readonly string[] {
  const tables = [
    ...runs.flatMap((run) =>
      (progressOf(run)?.steps ?? []).flatMap(({ kind, result }) => (kind === 'events' ? (result?.table ?? []) : [])),
    ),
    ...(typeof now === 'object' ? [now] : []),
  ];
  const [columns] = tables.map((one) => one.columns);
  const rows = new Set(tables.flatMap((one) => one.rows).map((row) => `| ${row.map(md).join(' | ')} |`));
  const some = columns !== undefined && rows.size > 0;
  if (!some && now === undefined) return [];
  return [
    '## Warnings of the cluster, six hours back',
    ...(now === undefined ? [] : [howFarBack(now)]),
    some
      ? [`| ${columns.join(' | ')} |`, `|${' --- |'.repeat(columns.length)}`, ...[...rows].sort()].join('\n')
      : 'None is known.',
  ];
}

/** An API server keeps events for an hour unless told otherwise (`--event-ttl`). */
function howFarBack(now: ClusterWarnings | string): string {
  if (typeof now === 'string')
    return `The cluster could not be asked when this was written (${md(now)}): only what a step saw at the time stands here.`;
  if (now.oldestMs === undefined)
    return 'The cluster keeps no event any more: only what a step saw at the time stands here.';
  return `The oldest event that the cluster still keeps is of ${utc(now.oldestMs)}: of what was before, only what a step saw at the time stands here.`;
}

const longestTimeline = 300;

function timeline(journal: readonly JournalEntry[]): string {
  if (journal.length === 0) return 'The journal is empty.';
  const rows = collapse(journal);
  const head = rows.slice(0, longestTimeline / 2);
  const tail = rows.slice(Math.max(head.length, rows.length - longestTimeline / 2));
  const left = rows.length - head.length - tail.length;
  return [...head, ...(left > 0 ? [`- … ${count(left, 'line')} left out; the journal has them`] : []), ...tail].join(
    '\n',
  );
}

/** Lines of the same kind and words that follow each other become one. */
function collapse(journal: readonly JournalEntry[]): string[] {
  const rows: { first: JournalEntry; times: number }[] = [];
  for (const entry of journal) {
    const last = rows.at(-1);
    if (
      last !== undefined &&
      last.first.kind === entry.kind &&
      last.first.text === entry.text &&
      last.first.subject === entry.subject
    )
      last.times += 1;
    else rows.push({ first: entry, times: 1 });
  }
  return rows.map(
    ({ first, times }) =>
      `- ${utc(first.atMs)} **${first.kind}** ${md(first.text)} (${md(first.subject)}${times === 1 ? '' : `, ${times} times`})`,
  );
}

function table(rows: readonly (readonly [string, string])[]): string {
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${md(value)} |`)].join('\n');
}

function utc(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

function time(ms: number | undefined): string {
  return ms === undefined ? 'never' : humanMs(ms);
}

/** Untrusted text in Markdown: one line, no markup, no HTML. */
function md(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>#|~]/g, (mark) =>
    mark === '<' ? '&lt;' : mark === '>' ? '&gt;' : `\\${mark}`,
  );
}
