import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const active = `max by (id, name) (${cloud.balancerUp.name})`;
const behind = `max by (id, name) (${cloud.balancerDroplets.name})`;

/** DigitalOcean says that a load balancer does not work, or nothing stands behind it. */
export const loadBalancerDown = defineAlert({
  name: 'LoadBalancerDown',
  expr: `${active} == 0\nor ${behind} == 0`,
  for: duration('5m'),
  severity: 'critical',
  owner: 'platform',
  group: 'critical',
  labels: { service: 'traefik' },
  summary: 'A load balancer passes nothing on',
  description: 'Load balancer {{ $labels.name }} is not active, or has no machine behind it.',
  runbook: {
    meaning:
      'For five minutes the API has said that this load balancer is not active, or that no Droplet is behind it.',
    impact: 'Nothing from outside gets in by this address.',
    diagnosis: [
      { say: 'Which, and how many machines?', query: behind },
      {
        say: 'What does Kubernetes say of its Service?',
        command: 'kubectl -n gomeet describe svc traefik',
        expect: 'No events of type Warning.',
      },
      { say: 'And DigitalOcean?', command: 'doctl compute load-balancer list', expect: 'Status active.' },
      {
        say: 'Is a firewall in the way?',
        command: 'doctl compute firewall list',
        expect: '443 open to the load balancer.',
      },
      { say: 'Can it be reached?', command: 'curl -sS -I https://gomeet.com/', expect: 'HTTP/2 200.' },
    ],
    mitigation: [declareIncident(1, 'nothing from outside gets in.'), callThePersonOnCall],
    person:
      'Mend the annotations of the Service; recreate it only as the last resort, since it comes back under another address and DNS has to follow.',
    leave: 'It was made minutes ago: it takes up to ten to become active.',
    answers: ['Load Balancer Issues'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: {
      query: `${behind} * on (id, name) ${active}`,
      unit: 'count',
      threshold: 1,
      direction: 'below',
      legend: '{{name}}',
    },
  },
});
