import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldOf } from '../../../deploy/kube/object.ts';
import { workloads } from '../../../manifests/catalogue/index.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { autoscaled, behavior, hpaFile, hpaSpec } from '../../../manifests/files/hpa.ts';
import { noInputs } from '../../../manifests/render.ts';

const { production } = environments;
const auto = autoscaled(production.workloads);
const of = (name: string) => {
  const found = auto.find(({ workload }) => workload.name === name);
  assert.ok(found, name);
  return found;
};

test('every workload says how it scales, or why it does not', () => {
  for (const { name, kind, rendered, scaling } of workloads) {
    if (kind === 'managed' || rendered === 'upstream') continue;
    assert.ok(scaling, name);
    if (scaling.kind === 'fixed') assert.ok(scaling.why.length > 10, name);
  }
});

test('all that the README scales are scaled, at its 70 and 80 per cent, from its replicas to its maxima', () => {
  const readme = {
    'auth-service': [8, 20],
    'meeting-service': [12, 30],
    'signaling-service': [25, 60],
    'chat-service': [10, 25],
    'turn-service': [8, 20],
  };
  for (const [name, bounds] of Object.entries(readme)) {
    const { workload, scaling } = of(name);
    assert.deepEqual([workload.replicas, workload.maxReplicas], bounds, name);
    assert.deepEqual([scaling.cpuPercent, scaling.memoryPercent], [70, 80], name);
  }
  assert.deepEqual([of('livekit-sfu').workload.replicas, of('livekit-sfu').workload.maxReplicas], [25, 100]);
});

test('it goes up fast and down slowly; the SFU never goes down by it', () => {
  const service = behavior(of('signaling-service').scaling);
  assert.deepEqual(service.scaleUp.policies, [
    { type: 'Percent', value: 100, periodSeconds: 15 },
    { type: 'Pods', value: 10, periodSeconds: 15 },
  ]);
  assert.deepEqual(service.scaleDown, {
    stabilizationWindowSeconds: 300,
    selectPolicy: 'Min',
    policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }],
  });
  assert.deepEqual(behavior(of('livekit-sfu').scaling).scaleDown, { selectPolicy: 'Disabled' });
});

test('a query needs KEDA, CPU and memory do not; both have the documented name', () => {
  const kinds = new Map(
    hpaFile({ ...noInputs, environment: production }).map((object) => [object.metadata.name, object.kind]),
  );
  assert.equal(kinds.get('turn-service-hpa'), 'HorizontalPodAutoscaler');
  assert.equal(kinds.get('pgbouncer-do-hpa'), 'HorizontalPodAutoscaler');
  assert.equal(kinds.get('livekit-sfu'), 'ScaledObject');
  assert.equal(kinds.get('auth-service'), 'ScaledObject');
});

test('no answer of Prometheus is no wish', () => {
  for (const object of hpaFile({ ...noInputs, environment: production }))
    if (object.kind === 'ScaledObject')
      for (const [, value] of JSON.stringify(object).matchAll(/"ignoreNullValues":"(\w+)"/g))
        assert.equal(value, 'false', object.metadata.name);
});

test('the metrics are numbered as KEDA numbers them, after those of CPU and memory', () => {
  const { workload, scaling } = of('livekit-sfu');
  const names = hpaSpec(workload, scaling).metrics.flatMap((metric) =>
    metric.type === 'External' ? [metric.external.metric.name] : [],
  );
  assert.deepEqual(names, ['s1-prometheus', 's2-prometheus']);
});

test('nothing is scaled by what nothing emits, and what was left out is said', () => {
  const text = JSON.stringify(hpaFile({ ...noInputs, environment: production }));
  for (const name of [
    'websocket_connections_total',
    'webrtc_sessions_total',
    'turn_sessions_total',
    'active_recordings_total',
    'chat_messages_per_second',
    'pgbouncer_connections_total',
  ])
    assert.ok(!text.includes(name), name);
  for (const name of ['signaling-service', 'turn-service', 'chat-service', 'livekit-recorder', 'pgbouncer-do'])
    assert.match(of(name).scaling.without ?? '', /nothing emits|no such metric/, name);
});

test('a figure is what each pod has of it, CPU and memory a share of what the pod asks for: never a total, never cores', () => {
  for (const { workload, scaling } of auto) {
    for (const metric of hpaSpec(workload, scaling).metrics)
      assert.equal(
        metric.type === 'External' ? metric.external.target.type : metric.resource.target.type,
        metric.type === 'External' ? 'AverageValue' : 'Utilization',
        workload.name,
      );
    assert.ok(
      Object.values(workload.requests ?? {}).every((amount) => amount > 0),
      `${workload.name} asks for nothing`,
    );
  }
  const scaled = hpaFile({ ...noInputs, environment: production }).filter(({ kind }) => kind === 'ScaledObject');
  assert.ok(scaled.length > 0);
  for (const object of scaled)
    for (const trigger of [fieldOf(object, 'spec', 'triggers')].flat())
      assert.equal(
        fieldOf(trigger, 'metricType'),
        fieldOf(trigger, 'type') === 'prometheus' ? 'AverageValue' : 'Utilization',
        object.metadata.name,
      );
});
