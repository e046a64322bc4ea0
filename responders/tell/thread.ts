import type { ChatMessage } from '../ports.ts';
import type { Episode } from '../records.ts';
import { blockLimits } from './blocks.ts';
import { buttonBlocks, plainText } from './buttons.ts';
import { code, cut, dateText, link, mrkdwn, notification, plain, who } from './escape.ts';
import { context, type Draft, fit, section } from './fit.ts';
import { alertOf, type IncidentState, type IncidentView, incidentState, openEpisodes, stateColors } from './view.ts';
import { affectedLine, count, doingLine, hourly, refusalLine, runStamp } from './words.ts';

export { renderReply } from './reply.ts';

const stateWords: Readonly<Record<IncidentState, string>> = {
  firing: 'Firing',
  acknowledged: 'Acknowledged',
  quiet: 'No longer firing',
  silenced: 'Silenced',
  resolved: 'Resolved',
};

/** The one message of an incident. Its first lines say what is wrong, for whom, and whether anything is being done; buttons come last. */
export function renderIncident(view: IncidentView): ChatMessage {
  const { incident } = view;
  const state = incidentState(view);
  const severity = state === 'resolved' ? stateWords.resolved : `${stateWords[state]}, ${incident.severity}`;
  const title = `${severity}: ${incident.title}`;
  const lead = `*For:* ${affectedLine(view)}\n${doingLine(view)}`;
  const drafts: (Draft | undefined)[] = [
    draft({ type: 'header', text: plainText(title, blockLimits.headerText) }, 0),
    draft(section(lead, view.links.console, 1_500), 0),
    draft(section(wrongText(view), view.links.console, 2_400), 3),
    draft(section(doneText(view), view.links.console, 2_400), 2),
    draft(section(offerText(view), view.links.console, 600), 4),
    draft(context([stampText(view), countsText(view)]), 0),
    draft(context([linksText(view)]), 1),
    ...buttonBlocks(view).map((block) => draft(block, 0)),
  ];
  const text = `${plain(title)} | ${notification(`${affectedLine(view)} | ${doingLine(view)}`)}`;
  return fit(
    { text: cut(text, blockLimits.notification), color: stateColors[state], metadata: { incident: incident.publicId } },
    drafts,
    view.links.console,
  );
}

function draft(block: Draft['block'] | undefined, drop: number): Draft | undefined {
  return block === undefined ? undefined : { block, drop };
}

/** What is wrong, by alert: the description with its value, what it means for people, and how often it fires. */
function wrongText(view: IncidentView): string {
  const shown = openEpisodes(view).length > 0 ? openEpisodes(view) : view.episodes;
  const byAlert = Map.groupBy(shown, (episode) => episode.alertname);
  const lines = [...byAlert].slice(0, 5).map(([name, episodes]) => wrongLine(view, name, episodes));
  if (byAlert.size > 5) lines.push(`and ${count(byAlert.size - 5, 'more alert')}`);
  return lines.join('\n');
}

function wrongLine(view: IncidentView, name: string, episodes: readonly Episode[]): string {
  const alert = alertOf(view, name);
  const first = episodes[0];
  const says = first?.annotations['description'] ?? first?.annotations['summary'] ?? alert?.summary ?? '';
  const times = episodes.length === 1 ? '' : ` (${episodes.length} times)`;
  const resolved = episodes.every((episode) => episode.resolvedAtMs !== undefined)
    ? ' _no longer firing; being checked_'
    : '';
  const impact = alert === undefined ? '' : `\n${mrkdwn(alert.runbook.impact.slice(0, 300))}`;
  return `*${mrkdwn(name)}*${times}${resolved} ${mrkdwn(says.slice(0, 400))}${impact}`;
}

/** What was done or asked for, each with the stamp that took the place of its buttons. */
function doneText(view: IncidentView): string {
  const runs = view.runs.slice(-5);
  const earlier = view.runs.length - runs.length;
  const lines = runs.map((run) => `• ${mrkdwn(run.says)}: ${runStamp(run)}`);
  if (earlier > 0) lines.unshift(`${count(earlier, 'earlier act')} in the console`);
  const going = view.runs.some((run) => ['proposed', 'intended', 'verifying'].includes(run.state));
  // While something goes on, these reasons only say that it does.
  const refusal = going ? refusalLine(view, ['needs-approval', 'already-acting', 'cooldown']) : undefined;
  return [
    ...lines,
    ...(refusal === undefined ? [] : [refusal.replace('Nothing is being done', 'Not done besides')]),
  ].join('\n');
}

function offerText(view: IncidentView): string {
  if (view.incident.closedAtMs !== undefined) return '';
  return (view.offers ?? [])
    .map((offer) => `${mrkdwn(offer.says)} (${hourly(offer.costPerHour)})`)
    .map((text) => `On request: ${text}`)
    .join('\n');
}

function stampText(view: IncidentView): string {
  const { incident } = view;
  const parts: string[] = [];
  if (incident.acknowledgedBy !== undefined) parts.push(`Acknowledged by ${who(incident.acknowledgedBy)}`);
  if (incident.declaredAtMs !== undefined)
    parts.push(
      `Incident SEV ${incident.sev ?? '-'}${incident.commander === undefined ? '' : `, commander ${who(incident.commander)}`}`,
    );
  if (incident.escalatedAtMs !== undefined) parts.push(`Escalated ${dateText(incident.escalatedAtMs)}`);
  if (view.episodes.some((episode) => episode.noise)) parts.push('Marked as noise');
  return parts.join(' · ');
}

function countsText(view: IncidentView): string {
  const { incident } = view;
  const firing = openEpisodes(view).length;
  const parts = [`Started ${dateText(incident.openedAtMs)}`];
  if (incident.closedAtMs !== undefined) parts.push(`ended ${dateText(incident.closedAtMs)}`);
  parts.push(`${count(firing, 'alert')} open of ${view.episodes.length}`);
  return `${parts.join(' · ')} · ${code(incident.publicId.slice(0, 64))}`;
}

function linksText(view: IncidentView): string {
  const links: string[] = [];
  const runbooks = new Map<string, string>();
  for (const episode of view.episodes) {
    const url = episode.annotations['runbook_url'];
    if (url !== undefined) runbooks.set(episode.alertname, url);
  }
  const { console, dashboard } = view.links;
  if (console !== undefined) links.push(link(console, view.interactive ? 'Why: console' : 'Act in the console'));
  if (dashboard !== undefined) links.push(link(dashboard, 'Dashboard'));
  for (const [name, url] of [...runbooks].slice(0, 3)) links.push(link(url, `Runbook ${name}`));
  return links.join(' · ');
}
