import type { Alert, Diagnosis, Limits, Mitigation } from './define.ts';
import { drillsOf } from './drills.ts';
import { examples } from './examples.ts';
import { placeholders, placeholdersIn } from './placeholders.ts';
import { seriesIn } from './promql.ts';
import { recordingRules } from './recording/index.ts';
import type { ActionName, Approval } from './vocabulary.ts';

const approvals: Readonly<Record<Approval, string>> = {
  none: 'done by the responder',
  one: 'one person agrees',
  two: 'two people agree',
};

const modes = {
  shadow: 'shadow: it only records what it would do',
  suggest: 'suggest: it proposes and people decide',
  auto: 'auto: it acts within the limits below',
};

/** The runbook page of an alert, in Markdown: the four headings, then what the responder may do by itself. */
export function runbookPage(alert: Alert): string {
  const { runbook, response } = alert;
  return [
    `# ${alert.name}`,
    `${alert.summary}. Severity ${alert.severity}, owner ${alert.owner}.`,
    '## Meaning',
    runbook.meaning,
    code('promql', alert.expr),
    ...recordedSeries(alert.expr),
    alert.for === '0s' ? 'It fires at once.' : `It fires when this has held for ${alert.for}.`,
    ...picture(alert),
    '## Impact',
    runbook.impact,
    '## Diagnosis',
    ...runbook.diagnosis.map(diagnosisStep),
    '## Mitigation',
    ...(runbook.mitigation.length === 0
      ? ['None: there is nothing to do while it fires.']
      : runbook.mitigation.map(mitigationStep)),
    `What a person does: ${lowerFirst(runbook.person)}`,
    `When to leave it alone: ${lowerFirst(runbook.leave)}`,
    ...(runbook.answers === undefined
      ? []
      : [`Answers of the operations runbook: ${runbook.answers.map((section) => `"${section}"`).join(', ')}.`]),
    ...legend(alert),
    lastDrill(alert.name),
    '## What the responder does by itself',
    `Mode ${modes[response.mode]}. When nobody acknowledges within ${response.escalateAfter}, it calls the person on call.`,
    limitsTable(alert.limits),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The table of contents over all pages. */
export function runbookIndex(alerts: readonly Alert[]): string {
  const rows = alerts.map(
    (alert) =>
      `| [${alert.name}](${alert.name}.md) | ${alert.severity} | ${alert.response.mode} | ${cell(alert.summary)} |`,
  );
  return ['# Runbooks', '', '| Alert | Severity | Mode | Summary |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

/** The signal in one of the alert's own scenarios; the build draws it beside the page. */
function picture({ name, response }: Alert): readonly string[] {
  if (examples[name] === undefined) return [];
  const words = `${name} in an example: its signal goes ${response.signal.direction} the threshold, and after its wait it fires`;
  return [`![${words}](${name}.svg)`, "An example, from this alert's own tests."];
}

/** What the reader puts in where a command has a word in capitals. */
function legend({ runbook: { diagnosis, person } }: Alert): readonly string[] {
  const commands = [...diagnosis.flatMap(({ command = '' }) => command), ...(person.match(/`[^`]+`/g) ?? [])];
  const said = placeholdersIn(commands.join(' ')).map((word) => `${word} is ${placeholders[word]}`);
  return said.length === 0 ? [] : [`In the commands: ${said.join('; ')}.`];
}

/** When the loop was last closed for this alert, from cause to verified effect. */
function lastDrill(name: string): string {
  const [latest] = drillsOf(name);
  if (latest === undefined) return 'Last drill that passed: none plays this alert; its rule is tried by scenarios.';
  const where = latest.cluster === 'real' ? 'a real control plane with real LiveKit' : 'the simulated platform';
  return `Last drill that passed: \`${latest.drill}\` on ${latest.passedAt.slice(0, 10)}, on ${where}.`;
}

/** What the recorded series of an expression are, so that nobody has to look for them at three in the morning. */
function recordedSeries(expr: string): readonly string[] {
  const used = new Map(
    seriesIn(expr).flatMap((name) => {
      const rule = recordingRules.find(({ record }) => record === name);
      return rule === undefined ? [] : [[name, rule.help] as const];
    }),
  );
  return [...used].map(([name, help]) => `\`${name}\`: ${help}`);
}

function diagnosisStep(line: Diagnosis, index: number): string {
  const parts = [`${index + 1}. ${line.say}`];
  if (line.query !== undefined) parts.push(indent(code('promql', line.query)));
  if (line.command !== undefined) parts.push(indent(code('sh', line.command)));
  if (line.expect !== undefined) parts.push(indent(`Expected: ${line.expect}`));
  return parts.join('\n\n');
}

function mitigationStep(step: Mitigation, index: number): string {
  const params = Object.entries(step.params).map(([name, value]) => `${name}=${value}`);
  const except = step.exceptServices === undefined ? '' : ` Left out for ${step.exceptServices.join(', ')}.`;
  return `${index + 1}. ${step.say}\n\n   ${actionText(step.action, params)}: ${approvals[step.approval]}.${except}`;
}

function actionText(action: ActionName, params: readonly string[]): string {
  return `\`${[action, ...params].join(' ')}\``;
}

function limitsTable(limits: Limits): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Between two acts on one target', limits.cooldown],
    ['Acts an hour', String(limits.maxActsPerHour)],
    ['Largest share of the fleet touched at once', `${limits.maxFleetShareRatio * 100} %`],
    ['Most participants disturbed', String(limits.maxParticipants)],
    ['The effect must be seen within', limits.verifyWithin],
    ['Readings older than this are no data', limits.maxDataAge],
    ['Acts in a row without help before people take over', `${limits.breakerAfter}, for ${limits.breakerFor}`],
    ['A proposal lapses after', limits.approvalWithin],
    ['What was added is wanted for', limits.holdFor],
  ];
  return ['| Limit | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function code(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function indent(text: string): string {
  return text.replace(/^/gm, '   ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** The first letter is lowered after a colon, unless a name or an abbreviation begins. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]* /.test(text) && !/^(DigitalOcean|LiveKit|Valkey|Redis|Slack|Kubernetes) /.test(text)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}
