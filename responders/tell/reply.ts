import { type RefusalReason, refusalReasons, refusalTexts } from '../decide/reasons.ts';
import type { ChatMessage } from '../ports.ts';
import type { JournalEntry, JournalKind } from '../records.ts';
import { blockLimits } from './blocks.ts';
import { cut, dateText, mrkdwn, notification, who } from './escape.ts';
import { evidenceText, resultText } from './evidence.ts';
import { context, fit, section } from './fit.ts';
import { type IncidentView, incidentState, stateColors } from './view.ts';
import { count } from './words.ts';

/** The thread's reply for one line of the journal; undefined for what is of no use to a reader. */
export function renderReply(entry: JournalEntry, view: IncidentView): ChatMessage | undefined {
  const text = replyText(entry, view);
  return text === undefined ? undefined : reply(text, entry, view);
}

/** One reply in place of many: how often each thing happened, and the last of each. */
export function renderSummary(entries: readonly JournalEntry[], view: IncidentView): ChatMessage | undefined {
  const told = entries.filter((entry) => replyText(entry, view) !== undefined);
  const first = told[0];
  if (first === undefined) return undefined;
  const lines = [...Map.groupBy(told, (entry) => entry.kind)].map(([kind, same]) => {
    const last = same.at(-1);
    return `• ${mrkdwn(kind)}: ${count(same.length, 'time')}${last === undefined ? '' : `; last ${dateText(last.atMs)}: ${mrkdwn(last.text.slice(0, 200))}`}`;
  });
  const title = `*${count(told.length, 'line')} of the journal in one*`;
  return reply([title, ...lines].join('\n'), first, view);
}

function reply(text: string, entry: JournalEntry, view: IncidentView): ChatMessage {
  const metadata = { incident: view.incident.publicId, journal: entry.id };
  const message = {
    text: cut(notification(text), blockLimits.notification),
    color: stateColors[incidentState(view)],
    metadata,
  };
  const small = context([`${dateText(entry.atMs)} · ${who(entry.subject)}`]);
  const drafts = [section(text, view.links.console), small].map((block) =>
    block === undefined ? undefined : { block, drop: 0 },
  );
  return fit(message, drafts, view.links.console);
}

function replyText(entry: JournalEntry, view: IncidentView): string | undefined {
  const says = mrkdwn(entry.text);
  switch (entry.kind) {
    case 'fired':
      return view.episodes[0]?.id === entry.episodeId && entry.episodeId !== undefined
        ? undefined
        : `*Another alert fires:* ${says}`;
    case 'takeover':
      return undefined;
    case 'refused':
      return `*Not done:* ${refusalText(entry)}`;
    case 'evidence':
      return evidenceText(entry.detail) ?? `*Evidence:* ${says}${resultText(entry.detail)}`;
    default:
      return `*${headings[entry.kind]}* ${says}${resultText(entry.detail)}`;
  }
}

const headings: Readonly<Record<Exclude<JournalKind, 'fired' | 'takeover' | 'refused' | 'evidence'>, string>> = {
  resolved: 'No longer firing; being checked:',
  reopened: 'Fires again:',
  closed: 'Over:',
  'no-runbook': 'No runbook, so nothing is done:',
  'would-act': 'Shadow mode; it would have:',
  proposed: 'Proposed:',
  approved: 'Approved:',
  denied: 'Denied:',
  intended: 'About to:',
  acted: 'Done:',
  step: 'Step:',
  failed: 'Failed:',
  abandoned: 'Given up:',
  verified: 'Verified:',
  'not-improved': 'Did not help:',
  unknown: 'Effect unknown, a person has to look:',
  expired: 'Nobody answered in time:',
  acknowledged: 'Acknowledged:',
  escalated: 'Escalated:',
  declared: 'Incident declared:',
  status: 'Status:',
  noise: 'Marked as noise:',
  control: 'Control:',
};

function refusalText(entry: JournalEntry): string {
  const reason = refusalReasons.find((one: RefusalReason) => one === entry.detail['reason']);
  const says = mrkdwn(entry.text);
  if (reason === undefined) return says;
  return `${refusalTexts[reason]} (\`${reason}\`)${says === '' || says === refusalTexts[reason] ? '' : ` ${says}`}`;
}
