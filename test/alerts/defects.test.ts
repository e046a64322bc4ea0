// The rules that the platform's repository had and that were wrong when they were tried: each defect by name, against the alert that stands in the rule's place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alerts } from '../../alerts/index.ts';
import { jobs, scrapes } from '../../alerts/jobs.ts';
import { knownSeries } from '../../alerts/known-series.ts';
import { lintPromql } from '../../alerts/promql.ts';
import { prove } from './promtool.ts';
import { alertNamed, proves, type Scenario, silent } from './scenario.ts';

const kube = 'job="kube-state-metrics", instance="ksm:8080", namespace="gomeet"';
const requests = (code: string) =>
  `traefik_entrypoint_requests_total{job="traefik", instance="t1:8082", code="${code}", method="GET", protocol="http", entrypoint="websecure"}`;
const answers = (status: string) =>
  `http_requests_total{job="services", instance="a:9090", service="auth-service", method="GET", status="${status}"}`;
const load = 'gomeet_sfu_node_cpu_load_ratio{job="livekit-exporter", instance="e1", node_id="ND_a"}';
const room = (name: string) =>
  `gomeet_room_participants{job="livekit-exporter", instance="e1", room_sid="${name}", node_id="ND_a"}`;
const restarts = `kube_pod_container_status_restarts_total{${kube}, pod="auth-service-5d4f9c7b6-abcde", container="main"}`;
const owner = `kube_pod_owner{${kube}, pod="auth-service-5d4f9c7b6-abcde", owner_kind="ReplicaSet", owner_name="auth-service-5d4f9c7b6"}`;
const backends = (name: string) => `pg_stat_database_numbackends{job="postgres", instance="e1", datname="${name}"}`;
const sent = (node: string) =>
  `node_network_transmit_bytes_total{job="node-exporter", instance="${node}:9100", node="${node}", device="eth0"}`;

/** Fires by then, with whatever words: those stand in the alert's own scenarios. */
const firing = Symbol('fires');
type Case = Scenario | { readonly series: Scenario['series']; readonly [firing]: string };
const fired = (series: Scenario['series'], at: string): Case => ({ series, [firing]: at });

const defects: Readonly<Record<string, { readonly now: string; readonly cases: readonly Case[] }>> = {
  'SFUCPUHigh was silent at a constant 99 %: rate() of a gauge is 0': {
    now: 'SfuSaturated',
    cases: [fired({ [load]: '0.99x40' }, '5m')],
  },
  'SFUBandwidthHigh waited for 5e11 bytes a second, which it called 500 Gbps: one line of 2 Gbit/s is full long before':
    {
      now: 'NodeNetworkHigh',
      cases: [fired({ [sent('sfu-a')]: `0+${(1.9e9 / 8) * 15}x60` }, '9m')],
    },
  'SFUParticipantsHigh waited for 48,000 where autoscaling ended at 40,000: room is counted in meetings that still fit':
    {
      now: 'SfuHeadroomLow',
      cases: [
        fired({ 'gomeet_sfu_node_free_slots{job="livekit-exporter", instance="e1", node_id="ND_a"}': '0x40' }, '5m'),
      ],
    },
  'DatabaseConnectionsHigh waited for 4,000 connections of one database on a server of 500': {
    now: 'PostgresConnectionsHigh',
    cases: [
      fired(
        {
          [backends('gomeet')]: '300x60',
          [backends('grafana')]: '150x60',
          'pg_settings_max_connections{job="postgres", instance="e1"}': '500x60',
        },
        '9m',
      ),
    ],
  },
  'RedisMemoryHigh fired "+Inf%" on a Valkey whose maxmemory is 0': {
    now: 'ValkeyMemoryHigh',
    cases: [
      silent(
        {
          'redis_memory_used_bytes{job="redis", instance="e1"}': '1000x60',
          'redis_memory_max_bytes{job="redis", instance="e1"}': '0x60',
        },
        '14m',
      ),
    ],
  },
  'RedisMemoryHigh said nothing else of a Valkey without a bound': {
    now: 'ValkeyMemoryUnbounded',
    cases: [fired({ 'redis_memory_max_bytes{job="redis", instance="e1"}': '0x100' }, '20m')],
  },
  'APIHighErrorRate divided each series by itself: one error a minute among 60,000 requests was "100%"': {
    now: 'HighErrorRateCritical',
    cases: [silent({ [requests('200')]: '0+15000x80', [requests('500')]: '0+0.25x80' }, '15m')],
  },
  'APIHighErrorRate in the words of the operations runbook has the same sums': {
    now: 'HighErrorRate',
    cases: [
      silent({ [answers('200')]: '0+15000x80', [answers('500')]: '0+0.25x80' }, '15m'),
      fired({ [answers('200')]: '0+900x80', [answers('500')]: '0+100x80' }, '15m'),
    ],
  },
  'APIHighLatency had no sum by le: a service is judged by all its pods together': {
    now: 'HighResponseTime',
    cases: [
      silent(
        {
          // One pod of two answers one request, slowly.
          [`http_request_duration_seconds_bucket{${'job="services", instance="a:9090", service="auth-service", method="GET"'}, le="1"}`]:
            '0+1000x80',
          [`http_request_duration_seconds_bucket{${'job="services", instance="a:9090", service="auth-service", method="GET"'}, le="+Inf"}`]:
            '0+1000x80',
          [`http_request_duration_seconds_bucket{${'job="services", instance="b:9090", service="auth-service", method="GET"'}, le="1"}`]:
            '0x80',
          [`http_request_duration_seconds_bucket{${'job="services", instance="b:9090", service="auth-service", method="GET"'}, le="+Inf"}`]:
            '0+1x80',
        },
        '15m',
      ),
    ],
  },
  'PodCrashLooping woke somebody for one restart': {
    now: 'ServiceCrashLooping',
    cases: [silent({ [owner]: '1x80', [restarts]: '4x20 5x60' }, '15m')],
  },
  'MeetingParticipantsHigh added all meetings up: 10 and 445 people in two of them fired at 500': {
    now: 'MeetingNearParticipantLimit',
    cases: [
      silent({ [room('RM_a')]: '10x60', [room('RM_b')]: '445x60' }, '9m'),
      fired({ [room('RM_a')]: '10x60', [room('RM_b')]: '475x60' }, '9m'),
    ],
  },
};

for (const [defect, { now, cases }] of Object.entries(defects))
  test(defect, async (t) => {
    const alert = alertNamed(now, alerts);
    for (const [index, one] of cases.entries()) {
      if (!(firing in one)) {
        await prove(t, proves(alert, { [`${index}`]: one }));
        continue;
      }
      // promtool compares whole alerts: what must fire fails where silence is expected, and says what fired.
      const at = one[firing];
      if (t.signal.aborted) return;
      await assert.rejects(
        async () => {
          await prove(t, proves(alert, { [`${index}`]: silent(one.series, at) }));
          // Without promtool nothing was tried, which the runner has said.
          throw new Error(`got: alertname="${now}"`);
        },
        new RegExp(`got:[\\s\\S]*alertname="${now}"`),
      );
    }
  });

test('fifteen of eighteen rules could never see data: each name that nothing emits is refused with the nearest real one', () => {
  const known = knownSeries();
  for (const name of [
    'livekit_participants_total',
    'livekit_bandwidth_bytes_per_second',
    'sfu_cpu_usage_percent',
    'websocket_connections_active',
    'pg_stat_statements_mean_time_seconds_bucket',
    'gomeet_meeting_participants_active',
    'gomeet_webrtc_rtt_seconds_bucket',
    'gomeet_webrtc_packets_lost_total',
    'do_load_balancer_request_duration_seconds_bucket',
    'do_droplet_cpu_usage_percent',
  ])
    assert.match(lintPromql(`sum(${name}) > 1`, known).join(), new RegExp(`unknown metric ${name}; did you mean \\w+`));
});

test('SFUCPUHigh and SFUBandwidthHigh would not build any more: rate() of a gauge is refused', () => {
  assert.match(
    lintPromql('avg(rate(gomeet_sfu_node_cpu_load_ratio[5m]))', knownSeries()).join(),
    /which is no counter/,
  );
});

test('DatabaseDown selected a job that did not exist: each job that an alert selects by is one that is scraped', () => {
  assert.ok(Object.hasOwn(scrapes, jobs.postgres));
  for (const { name, expr } of alerts)
    for (const [, job = ''] of expr.matchAll(/\bjob="([^"]+)"/g))
      assert.ok(Object.hasOwn(scrapes, job), `${name}: ${job}`);
});

test('a target that was never there alerted nobody: each job has an alert that fires when nothing of it is found', () => {
  // Without Prometheus itself there are no alerts at all: that the watchdog's pulse stops is seen outside.
  const seen = (job: string) =>
    job === jobs.prometheus ||
    alerts.some(({ expr }) => /\babsent\(|\bunless\b/.test(expr) && expr.includes(`up{job="${job}"`));
  assert.deepEqual(
    Object.values(jobs).filter((job) => !seen(job)),
    [],
  );
});

test('what was missing altogether is there: absent targets, certificates, backups, quota, ceilings, budgets, runbooks', () => {
  for (const name of [
    'SfuMetricsMissing',
    'TargetDown',
    'Watchdog',
    'CertificateExpires',
    'BackupMissing',
    'ApiQuotaLow',
    'AutoscalerAtMaximum',
    'DisruptionBudgetBlocks',
  ])
    assert.ok(alertNamed(name, alerts).runbook.diagnosis.length > 0);
  // The three without an emitter of their own: round trip, loss, and the balancer.
  for (const name of [
    'RoundTripHigh',
    'PacketLossHigh',
    'LoadBalancerConnectionsHigh',
    'NodeMemoryHigh',
    'NodeCpuHigh',
  ])
    assert.ok(alertNamed(name, alerts));
});
