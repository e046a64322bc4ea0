import { stringify } from 'yaml';
import { alertmanagerConfig, deployedAlertmanager } from '../../alerts/alertmanager.ts';
import { alerts } from '../../alerts/index.ts';
import { lintAlerts, lintQueries, type Query, queriesOf } from '../../alerts/lint.ts';
import { prometheusConfig } from '../../alerts/prometheus.ts';
import { prometheusRule } from '../../alerts/prometheus-rule.ts';
import { recordingGroups, recordingRules } from '../../alerts/recording/index.ts';
import { ruleGroups } from '../../alerts/render.ts';
import { runbookIndex, runbookPage } from '../../alerts/runbook-page.ts';
import { boards } from '../../dashboards/index.ts';
import { boardQueries, lintBoards } from '../../dashboards/lint.ts';
import { boardJson, datasources, folderSlug, providers } from '../../dashboards/provisioning.ts';
import { grafanaUnproven } from '../../dashboards/unproven.ts';
import { contractsPage } from '../../exporters/metrics/contracts-page.ts';
import { UsageError } from '../../kernel/errors.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { environments } from '../../manifests/environments/index.ts';
import { actions } from '../../responders/act/index.ts';
import { roleObjects } from '../../responders/role.ts';
import { renderAppManifest } from '../../responders/tell/app-manifest.ts';
import { placed } from '../common/where.ts';
import { kustomization, platformFiles, standbyFiles } from './platform.ts';

/** A file that `gomeet build` writes: its path below the output folder, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** What a build may be told. */
export interface BuildOptions {
  readonly runbookBaseUrl?: string;
  readonly consoleUrl?: string;
}

/** Everything that `gomeet build` writes, in a stable order; throws a UsageError that lists every query that would not work. */
export function generatedFiles(options: BuildOptions = {}): readonly GeneratedFile[] {
  const problems = lintQueries([
    ...queriesOf(alerts, recordingRules),
    ...actionQueries(),
    ...boardQueries(boards),
    ...autoscalerQueries(),
  ]);
  refuse('queries', problems);
  refuse('alerts', lintAlerts(alerts));
  refuse('boards', lintBoards(boards));
  const groups = ruleGroups({ alerts, recordings: recordingGroups, ...options });
  return [
    yamlFile(
      'prometheus/prometheus.yaml',
      prometheusConfig({ discovery: { kind: 'kubernetes' }, ruleFiles: ['rules/gomeet.yaml'] }),
    ),
    yamlFile('prometheus/rules/gomeet.yaml', { groups }),
    yamlFile('alertmanager/alertmanager.yaml', alertmanagerConfig(deployedAlertmanager)),
    yamlFile('kubernetes/prometheus-rule.yaml', prometheusRule(groups).toJSON()),
    yamlFile('kubernetes/responder-role.yaml', ...roleObjects()),
    ...environmentFiles(options),
    ...boards.map((board) => ({
      path: `dashboards/${folderSlug(board.folder)}/${board.uid}.json`,
      content: boardJson(board, options),
    })),
    noted(grafanaUnproven, yamlFile('grafana/datasources.yaml', datasources())),
    noted(grafanaUnproven, yamlFile('grafana/providers.yaml', providers(boards))),
    { path: 'slack-app-manifest.yaml', content: renderAppManifest() },
    { path: 'metric-contracts.md', content: contractsPage() },
    { path: 'runbooks/README.md', content: runbookIndex(alerts) },
    ...alerts.map((alert) => ({ path: `runbooks/${alert.name}.md`, content: runbookPage(alert) })),
  ];
}

/** Throws a UsageError that lists the problems, each with its file and line; none is nothing. */
function refuse(what: string, problems: readonly string[]): void {
  if (problems.length > 0)
    throw new UsageError(`${what}:\n  ${problems.map((problem) => placed(problem)).join('\n  ')}`);
}

/** The objects of every environment that can be deployed. */
function environmentFiles(options: BuildOptions): readonly GeneratedFile[] {
  return Object.values(environments)
    .filter(({ deployable }) => deployable)
    .flatMap(({ name }) => {
      const files = platformFiles(name, options);
      return [
        ...[...files, ...standbyFiles()].map(({ path, objects }) => yamlFile(`manifests/${name}/${path}`, ...objects)),
        yamlFile(`manifests/${name}/kustomization.yaml`, kustomization(files)),
      ];
    });
}

/** The queries that autoscalers divide by a target: a metric without an emitter scales nothing. */
function autoscalerQueries(): readonly Query[] {
  return workloads.flatMap(({ name, scaling }) =>
    scaling?.kind === 'auto'
      ? (scaling.metrics ?? []).map((metric) => ({ at: `${name} scaling by ${metric.name}`, expr: metric.query }))
      : [],
  );
}

/** The queries by which actions are verified. */
function actionQueries(): readonly Query[] {
  return Object.values(actions).flatMap((action) =>
    Object.entries(action.signals).map(([name, expr]) => ({ at: `${action.name} ${name}`, expr })),
  );
}

const written = new Map<string, string>();

/** An object as YAML; what several environments share, boards above all, is written once. */
function yaml(value: unknown): string {
  const key = JSON.stringify(value);
  const known = written.get(key);
  if (known !== undefined) return known;
  const text = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  written.set(key, text);
  return text;
}

/** A YAML file with a sentence for who opens it. */
function noted(note: string, { path, content }: GeneratedFile): GeneratedFile {
  return { path, content: `# ${note}\n${content}` };
}

function yamlFile(path: string, ...values: readonly unknown[]): GeneratedFile {
  return {
    path,
    content: `# Written by \`gomeet build\`; change what it is made from, not this.\n${values.map(yaml).join('---\n')}`,
  };
}
