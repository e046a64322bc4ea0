import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { traefikMetrics as traefik } from '../../exporters/metrics/traefik.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Share of the connections that a load balancer takes, 0 to 1; 10,000 for each of its nodes. */
export const maxBalancerConnectionsRatio = 0.8;
const used = `max by (id) (${cloud.balancerConnections.name}) / max by (id) (${cloud.balancerConnectionLimit.name})`;

/** A load balancer has hardly a connection left: each person in a meeting holds a WebSocket. */
export const loadBalancerConnectionsHigh = defineAlert({
  name: 'LoadBalancerConnectionsHigh',
  expr: `${used} > ${maxBalancerConnectionsRatio}`,
  for: duration('5m'),
  severity: 'warning',
  owner: 'platform',
  group: 'capacity',
  labels: { service: 'traefik' },
  summary: 'A load balancer has hardly a connection left',
  description: 'Load balancer {{ $labels.id }} holds {{ $value | humanizePercentage }} of the connections it takes.',
  runbook: {
    meaning: `For five minutes a load balancer has held more than ${maxBalancerConnectionsRatio * 100} % of the connections that its nodes take together.`,
    impact: 'None yet. Above it, new connections are refused: nobody can join, whatever the SFUs have free.',
    diagnosis: [
      { say: 'Which, and how full?', query: used },
      { say: 'Who holds them?', query: `sum by (entrypoint) (${traefik.openConnections.name})` },
      {
        say: 'How many nodes has it?',
        command: 'doctl compute load-balancer list --format ID,Name,SizeUnit,Status',
        expect: 'A SizeUnit that times 10,000 is well above the connections that are open.',
      },
    ],
    mitigation: [callThePersonOnCall],
    person:
      'Raise the size unit in the annotation of its Service (`service.beta.kubernetes.io/do-loadbalancer-size-unit`): each adds 10,000 connections.',
    leave: 'Connections of a meeting that has ended are on their way out.',
    answers: ['Load Balancer Issues'],
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1h'),
    signal: {
      query: used,
      unit: 'ratio',
      threshold: maxBalancerConnectionsRatio,
      direction: 'above',
      legend: '{{id}}',
    },
  },
  limits: { maxDataAge: duration('15m') },
});
