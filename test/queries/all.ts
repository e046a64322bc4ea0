import { alerts } from '../../alerts/index.ts';
import { type Query, queriesOf } from '../../alerts/lint.ts';
import { recordingRules } from '../../alerts/recording/index.ts';
import { boards } from '../../dashboards/index.ts';
import { boardQueries } from '../../dashboards/lint.ts';
import type { Workload } from '../../manifests/catalogue/define.ts';
import { workloads } from '../../manifests/catalogue/index.ts';
import { actions } from '../../responders/act/index.ts';

/** Every query that rules, runbooks, panels, variables, annotations, verifications and autoscalers ask, with its place. */
export const allQueries: readonly Query[] = [
  ...queriesOf(alerts, recordingRules),
  ...boardQueries(boards),
  ...Object.values(actions).flatMap((action) =>
    Object.entries(action.signals).map(([name, expr]) => ({ at: `action ${action.name} ${name}`, expr })),
  ),
  ...workloads.flatMap((workload: Workload) =>
    workload.scaling?.kind === 'auto'
      ? (workload.scaling.metrics ?? []).map(({ name, query }) => ({
          at: `autoscaler ${workload.name} ${name}`,
          expr: query,
        }))
      : [],
  ),
];
