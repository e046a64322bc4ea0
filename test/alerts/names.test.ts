// Names of objects, in scenarios and on pages, held against the manifests: a scenario that calls an autoscaler otherwise proves an alert that in a cluster never finds its service.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lockdownPolicy } from '../../alerts/catalogue/emergency-lockdown-in-force.ts';
import { environments } from '../../manifests/environments/index.ts';
import { autoscaled, hpaName } from '../../manifests/files/hpa.ts';
import { renderEnvironment } from '../../manifests/render.ts';
import { pageCommands } from './page-commands.ts';
import { proofs } from './proofs.ts';

const objects = renderEnvironment('production').flatMap((file) => file.objects);
const named = (...kinds: readonly string[]) =>
  objects.flatMap(({ kind, metadata }) => (kinds.includes(kind) ? [metadata.name] : []));

/** What there is of each kind, by the word with which kubectl and kube-state-metrics speak of it. */
const known: Readonly<Record<string, readonly string[]>> = {
  deployment: named('Deployment'),
  statefulset: named('StatefulSet'),
  poddisruptionbudget: named('PodDisruptionBudget'),
  cronjob: named('CronJob'),
  networkpolicy: [...named('NetworkPolicy'), lockdownPolicy],
  secret: named('Secret'),
  svc: named('Service'),
  // KEDA makes those of its ScaledObjects under this name.
  hpa: autoscaled(environments.production.workloads).map(({ workload }) => hpaName(workload.name)),
  app: named('Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'),
};

/** Policies that nobody declared, which is what the scenario is about. */
const undeclared: ReadonlySet<string> = new Set(['allow-same-namespace']);

test('every object that a scenario speaks of bears a name of the manifests', () => {
  let seen = 0;
  for (const { alert, cases } of proofs)
    for (const series of Object.values(cases)
      .flat()
      .flatMap((one) => Object.keys(one.series)))
      for (const [, label = '', name = ''] of series.matchAll(
        /\b(deployment|statefulset|poddisruptionbudget|cronjob|networkpolicy|horizontalpodautoscaler)="([^"]+)"/g,
      )) {
        const among = known[label === 'horizontalpodautoscaler' ? 'hpa' : label] ?? [];
        assert.ok(among.includes(name) || undeclared.has(name), `${alert.name}: no ${label} is called ${name}`);
        seen += 1;
      }
  assert.ok(seen > 20);
});

test('every object that a page asks kubectl for is there under that name', () => {
  let seen = 0;
  for (const { at, words } of pageCommands('kubectl')) {
    const text = words.join(' ');
    const asked = [
      ...text.matchAll(/\b(deployment)\/([\w-]+)/g),
      ...text.matchAll(/\b(app)=([\w-]+)/g),
      ...text.matchAll(/\b(?:get|describe) (deployment|secret|svc|hpa|networkpolicy) ([a-z][\w-]*)/g),
      ...[...(/\bapp in \(([^)]+)\)/.exec(text)?.[1]?.matchAll(/()([\w-]+)/g) ?? [])].map(([all, , name]) => [
        all,
        'app',
        name,
      ]),
    ];
    for (const [, kind = '', name = ''] of asked) {
      assert.ok(known[kind]?.includes(name), `${at}: no ${kind} is called ${name}`);
      seen += 1;
    }
  }
  assert.ok(seen > 30);
});
