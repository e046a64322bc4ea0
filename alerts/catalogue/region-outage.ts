import { blackboxMetrics as blackbox } from '../../exporters/metrics/blackbox.ts';
import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { kubeStateMetrics as kube } from '../../exporters/metrics/kube-state-metrics.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

/** Share of the machines, 0 to 1, that do not answer at once: no machine's own fault. */
export const maxLostNodesRatio = 0.5;
const lost = `1 - avg(max by (node) (${kube.nodeCondition.name}{job="${jobs.kubeStateMetrics}", condition="Ready", status="true"}))`;

/** Most machines are away at once: it is the region, and what each service then says of itself is no news. */
export const regionOutage = defineAlert({
  name: 'RegionOutage',
  expr: `${lost} > ${maxLostNodesRatio}`,
  for: duration('1m'),
  severity: 'critical',
  owner: 'platform',
  group: 'critical',
  labels: { service: 'kube-state-metrics' },
  summary: 'Most machines of the region do not answer',
  description: '{{ $value | humanizePercentage }} of the machines do not answer Kubernetes.',
  runbook: {
    meaning: `For a minute more than ${maxLostNodesRatio * 100} % of the machines have not been ready: power, network or the control plane of the region. Alerts on single services and machines are muted meanwhile, and nothing is restarted or added for them. Prometheus runs in the same region: when all of it is away this cannot fire, and the heartbeat outside calls (Watchdog).`,
    impact: 'The product is down, or nearly.',
    diagnosis: [
      { say: 'How many machines?', query: lost },
      { say: 'Does anything answer from outside?', query: `avg(${blackbox.success.name}{job="${jobs.blackbox}"})` },
      { say: 'Are the databases there?', query: `min by (name) (${cloud.databaseUp.name})` },
      {
        say: 'What does DigitalOcean say?',
        command: 'curl -sS https://status.digitalocean.com/api/v2/status.json',
        expect: 'All Systems Operational.',
      },
      { say: 'Which machines are left?', command: 'kubectl get nodes', expect: 'All Ready.' },
    ],
    mitigation: [
      declareIncident(1, 'the region is away: tell people, and decide on another one.'),
      callThePersonOnCall,
    ],
    person:
      'Work through `gomeet outage immediate` and tell people on the status page. If DigitalOcean names no time, build the platform in another region from the backups: `gomeet infra plan` and `gomeet deploy`.',
    leave: 'All pools are being upgraded by hand at this moment.',
    answers: ['Service Outage Response'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: { query: lost, unit: 'ratio', threshold: maxLostNodesRatio, direction: 'above', legend: 'lost' },
  },
});
