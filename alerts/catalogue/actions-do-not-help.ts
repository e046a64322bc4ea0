import { responderMetrics as bot } from '../../exporters/metrics/responder.ts';
import { duration } from '../../kernel/duration.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Runs in an hour that did not help, or whose effect is unknown. */
export const maxUselessRuns = 3;
const useless = `sum by (action) (increase(${bot.runs.name}{state=~"not-improved|unknown|failed|abandoned"}[1h]))`;

/** What the responder does has no effect that it could see. */
export const actionsDoNotHelp = defineAlert({
  name: 'ActionsDoNotHelp',
  expr: `${useless} >= ${maxUselessRuns}`,
  for: duration('0s'),
  severity: 'warning',
  owner: 'platform',
  group: 'bundle',
  labels: { service: 'responder' },
  summary: 'Actions of the responder do not help',
  description: '{{ $value | printf "%.0f" }} runs of {{ $labels.action }} did not help within an hour.',
  runbook: {
    meaning: `At least ${maxUselessRuns} runs of one action within an hour were not followed by the effect that they should have.`,
    impact: 'The responder works against the wrong cause; people have to look.',
    diagnosis: [
      { say: 'Which action?', query: useless },
      { say: 'Why did each not help?', command: 'gomeet journal export', expect: 'A reading after each act.' },
      { say: 'What did the guards see?', command: 'gomeet explain EPISODE', expect: 'Every guard with its reading.' },
    ],
    mitigation: [callThePersonOnCall],
    person: 'Put the runbook into shadow with `gomeet mode`, and handle the cause by hand.',
    leave: 'A drill is under way that shows exactly this.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('4h'),
    signal: { query: useless, unit: 'count', threshold: maxUselessRuns, direction: 'above', legend: '{{action}}' },
  },
});
