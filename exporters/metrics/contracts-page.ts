import { contractMetrics, renamedMetrics } from './contracts.ts';
import type { Metric } from './define.ts';
import { livekitRange } from './livekit-server.ts';

/** The page for the teams whose services promise metrics: names, types, labels, and the old names that are still taken. */
export function contractsPage(metrics: readonly Metric[] = Object.values(contractMetrics)): string {
  const teamOf = ({ emitter }: Metric) => (emitter.kind === 'contract' ? emitter.team : '');
  const rows = metrics.map((metric) => {
    const { name, type, unit, labels, help } = metric;
    return `| \`${name}\` | ${type} | ${unit} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${teamOf(metric)} | ${help} |`;
  });
  const old = Object.entries(renamedMetrics).map(([from, to]) => `| \`${from}\` | \`${to}\` |`);
  return `# What services promise to say of themselves

Each service answers \`/metrics\` on its port \`metrics\` with these. No service level objective rests on them until they are kept; boards and the runbook's own alerts do.
\`service\` and \`namespace\` are put on by the scrape, the other labels by the service.

| Metric | Type | Unit | Labels | Team | What it counts |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Old names are taken too, and stored under the standard ones:

| Sent as | Stored as |
| --- | --- |
${old.join('\n')}

## Of whom nothing is asked

LiveKit says enough of itself: ${livekitRange}.
\`gomeet_active_meetings_total\` and \`gomeet_participants_total\` are recorded from what \`gomeet exporter livekit\` counts; no service sends them.
`;
}
