import { duration } from '../../kernel/duration.ts';
import { digitalOceanExporter } from '../../manifests/catalogue/digitalocean-exporter.ts';
import { defineAlert } from '../define.ts';
import { moneyRules } from '../recording/money.ts';
import { roomRules } from '../recording/rooms.ts';
import { callThePersonOnCall } from '../steps.ts';

/** How much dearer than the week before a participant-hour may become. */
export const maxUnitCostGrowth = 1.25;
const unitCost = moneyRules.participantHour.record;
const growth = `${unitCost} / ${unitCost} offset 7d`;

/** A participant-hour costs a quarter more than it did the week before. */
export const unitCostRising = defineAlert({
  name: 'UnitCostRising',
  expr: `${growth} > ${maxUnitCostGrowth}`,
  // Both sides are weeks: half a day more tells a holiday from a habit.
  for: duration('12h'),
  severity: 'info',
  owner: 'platform',
  group: 'cost',
  labels: { service: digitalOceanExporter.name },
  summary: 'A participant-hour costs far more than a week ago',
  description: 'It costs {{ printf "%.1f" $value }} times what it did the week before.',
  runbook: {
    meaning: `What the platform costs, over the people who were connected, is more than ${maxUnitCostGrowth} times the week before: more is paid for the same meetings, or fewer people share what is fixed.`,
    impact: 'Nobody in a meeting notices. The month may still fit its budget.',
    diagnosis: [
      {
        say: 'What does a participant-hour cost?',
        query: unitCost,
        command: 'gomeet cost report --historical-days 14',
        expect: 'A participant-hour at what it cost the week before.',
      },
      { say: 'Does more cost money?', query: moneyRules.costPerHour.record },
      { say: 'Or are fewer people there?', query: `avg_over_time(${roomRules.participants.record}[7d])` },
      { say: 'What could go?', command: 'gomeet cost efficiency', expect: 'Nothing found that could go.' },
    ],
    mitigation: [
      {
        ...callThePersonOnCall,
        say: 'Ask the platform team: a scale-out that never came back, a pool minimum that was raised for an event, something left behind.',
      },
    ],
    person: 'Compare pools and people with the week before, and lower the minimum of a pool that stands idle.',
    leave: 'A holiday week: few people pay for the same nodes.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1w'),
    signal: {
      query: growth,
      unit: 'ratio',
      threshold: maxUnitCostGrowth,
      direction: 'above',
      legend: 'against the week before',
    },
  },
  limits: { maxDataAge: duration('15m') },
});
