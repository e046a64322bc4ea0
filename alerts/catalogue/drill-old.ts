import { responderMetrics as bot } from '../../exporters/metrics/responder.ts';
import { duration } from '../../kernel/duration.ts';
import { responder } from '../../manifests/catalogue/responder.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Seconds since a drill last passed: 90 days. */
export const maxDrillAgeSeconds = 90 * 86_400;
const age = `time() - max by (drill) (${bot.drillPassed.name})`;

/** A drill has not passed for a quarter of a year: nobody knows whether the loop still closes for its alert. */
export const drillOld = defineAlert({
  name: 'DrillOld',
  expr: `${age} > ${maxDrillAgeSeconds}`,
  for: duration('1h'),
  severity: 'info',
  owner: 'platform',
  group: 'bundle',
  labels: { service: responder.name },
  summary: 'A drill has not passed for a quarter of a year',
  description: 'Drill {{ $labels.drill }} passed {{ $value | humanizeDuration }} ago.',
  runbook: {
    meaning:
      'The record of drills that passed, which comes with the bundle, is older than 90 days for this one. A drill that never passed is not in the record: the list below has it, and the query has not.',
    impact:
      'None. What the runbook promises for its alert has not been tried for long, and platform and bundle have moved on.',
    diagnosis: [
      { say: 'Which, and how old?', query: age },
      { say: 'Which drills are there?', command: 'gomeet drill --list', expect: 'All of them, with what each shows.' },
      { say: 'Does it still pass?', command: 'gomeet drill sfu-saturation', expect: 'Every check passed.' },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Play it with `gomeet drill NAME --record`, commit the record, and release; mend what it finds.',
    leave: 'Never urgent.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1w'),
    signal: { query: age, unit: 'seconds', threshold: maxDrillAgeSeconds, direction: 'above', legend: '{{drill}}' },
  },
});
