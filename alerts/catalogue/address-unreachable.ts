import { blackboxMetrics as blackbox } from '../../exporters/metrics/blackbox.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { jobs } from '../jobs.ts';
import { callThePersonOnCall, declareIncident } from '../steps.ts';

const reached = `max by (instance, service) (${blackbox.success.name}{job="${jobs.blackbox}"})`;

/** An address that people use does not answer from outside, whatever the pods behind it say of themselves. */
export const addressUnreachable = defineAlert({
  name: 'AddressUnreachable',
  expr: `${reached} == 0`,
  for: duration('2m'),
  severity: 'critical',
  owner: 'platform',
  group: 'critical',
  summary: 'An address that people use does not answer',
  description: '{{ $labels.instance }} does not answer as it should.',
  runbook: {
    meaning:
      'For two minutes this address has not answered with success, asked through DNS, load balancer, certificate and gateway.',
    impact: 'Whoever uses it gets an error or nothing. For livekit.gomeet.com: nobody can join.',
    diagnosis: [
      { say: 'One address or all of them? All is the load balancer, DNS or the gateway.', query: reached },
      { say: 'What does it answer?', command: 'curl -sS -I ADDRESS', expect: 'HTTP/2 200.' },
      {
        say: 'Is the load balancer there and healthy?',
        command: 'kubectl -n gomeet get svc --field-selector spec.type=LoadBalancer',
        expect: 'An EXTERNAL-IP, not <pending>.',
      },
      {
        say: 'Do DNS and load balancer agree?',
        command: 'doctl compute load-balancer list',
        expect: 'Status active, the IP that DNS has.',
      },
      {
        say: 'Does the gateway find the service?',
        command: 'kubectl -n gomeet logs -l app=traefik --since=5m --tail=50',
        expect: 'No lines of level ERROR.',
      },
    ],
    mitigation: [declareIncident(2, 'people cannot reach a part of the product.'), callThePersonOnCall],
    person:
      'Repair the load balancer, the record, the certificate or the route, in the order in which the request passes them.',
    leave: 'The service is being rolled out and the gateway retries: wait out the two minutes.',
    answers: ['Load Balancer Issues', 'Service Outage Response', 'Debug Pods'],
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: { query: reached, unit: 'count', threshold: 1, direction: 'below', legend: '{{instance}}' },
  },
});
