import { stringify } from 'yaml';
import { alertmanagerConfig, deployedAlertmanager } from '../../alerts/alertmanager.ts';
import { prometheusConfig } from '../../alerts/prometheus.ts';
import { recordingGroups } from '../../alerts/recording/index.ts';
import { ruleGroups } from '../../alerts/render.ts';
import { alertsOf } from '../../alerts/thresholds.ts';
import { boardsWith } from '../../dashboards/define.ts';
import { boards } from '../../dashboards/index.ts';
import { grafanaFiles } from '../../dashboards/provisioning.ts';
import { platformNamespace } from '../../manifests/catalogue/define.ts';
import type { EnvironmentName } from '../../manifests/environments/define.ts';
import { environments } from '../../manifests/environments/index.ts';
import type { RenderInputs } from '../../manifests/objects/context.ts';
import { type KubernetesObject, untyped } from '../../manifests/objects/object.ts';
import { type RenderedFile, renderEnvironment } from '../../manifests/render.ts';
import { hosts } from '../../manifests/settings.ts';
import { lockdownObjects } from '../../responders/act/lock-down.ts';
import { roleObjects } from '../../responders/role.ts';

/** What a platform is rendered with beside its environment. */
export interface PlatformOptions {
  /** Tag of the bundle's own image, and of the product's services where nothing else is said. */
  readonly release?: string;
  readonly servicesRelease?: string;
  readonly runbookBaseUrl?: string;
  readonly consoleUrl?: string;
}

/** What alerts, boards and actions add to the objects; the lab's Prometheus loads the same rules. */
export function platformInputs(
  environment: EnvironmentName,
  { release = '0.1.0', servicesRelease, runbookBaseUrl, consoleUrl = consoleOf(environment) }: PlatformOptions = {},
): RenderInputs {
  const alerts = alertsOf(environments[environment]);
  const groups = ruleGroups({
    alerts,
    recordings: recordingGroups,
    ...(runbookBaseUrl === undefined ? {} : { runbookBaseUrl }),
  });
  return {
    release,
    ...(servicesRelease === undefined ? {} : { servicesRelease }),
    configuration: {
      'prometheus-config': {
        'prometheus.yaml': stringify(
          prometheusConfig({ discovery: { kind: 'kubernetes' }, ruleFiles: ['/etc/prometheus-rules/*.yaml'] }),
        ),
      },
      'prometheus-rules': { 'gomeet.yaml': stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false }) },
      'alertmanager-config': { 'alertmanager.yaml': stringify(alertmanagerConfig(deployedAlertmanager)) },
      ...grafanaFiles(boardsWith(boards, alerts), {
        environment,
        consoleUrl,
        ...(runbookBaseUrl === undefined ? {} : { runbookBaseUrl }),
      }),
    },
    roles: roleObjects().map(untyped),
  };
}

function consoleOf(environment: EnvironmentName): string {
  return `https://${hosts(environments[environment].settings).console}`;
}

/** Every file of an environment in the order of application, with what the other rooms add. */
export function platformFiles(name: EnvironmentName, options: PlatformOptions = {}): readonly RenderedFile[] {
  return renderEnvironment(name, platformInputs(name, options));
}

/** Files that are kept ready and never applied with the rest: `kubectl apply --server-side --force-conflicts -f` them, and the platform's own to end it. */
export function standbyFiles(): readonly RenderedFile[] {
  return [{ path: 'standby/emergency-lockdown.yaml', objects: lockdownObjects(platformNamespace).map(untyped) }];
}

/** The kustomization of an environment: add-ons first, since others need their CRDs, then its files in order. */
export function kustomization(files: readonly RenderedFile[]): KubernetesObject {
  return untyped({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    metadata: { name: 'gomeet' },
    resources: files.map(({ path }) => path),
  });
}
