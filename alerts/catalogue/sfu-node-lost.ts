import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** 1 for a node that has stopped reporting. */
const lost = `max by (node_id) (${exporter.nodeState.name}{state="lost"})`;

/** An SFU node stopped reporting to Redis and took its meetings with it. It stays listed until another node starts, which is also when this ends. */
export const sfuNodeLost = defineAlert({
  name: 'SfuNodeLost',
  expr: `${lost} == 1`,
  for: duration('30s'),
  severity: 'critical',
  owner: 'media',
  group: 'critical',
  labels: { service: sfuWorkload.name },
  summary: 'An SFU node is lost',
  description: 'Node {{ $labels.node_id }} has stopped reporting; the meetings on it were cut.',
  runbook: {
    meaning:
      'A LiveKit node has not reported for longer than 5 s and did not sign off. It crashed, was killed, or lost its network or Redis.',
    impact:
      'The meetings on it froze. LiveKit places each anew when its people reconnect, mostly within half a minute, on nodes that thereby get fuller. Whatever they had not saved in the meeting is gone.',
    diagnosis: [
      {
        say: 'One node or several? Several at the same moment point to Redis or the network, not to nodes: then add nothing, and look there.',
        query: `sum(${lost})`,
      },
      {
        say: 'Why did the pod end: OOMKilled, evicted, or a node that is NotReady?',
        command: 'kubectl -n gomeet get pods -l app=livekit-sfu -o wide && kubectl get nodes',
        expect: 'All Running, one a node.',
      },
      { say: 'Do the others have room for its meetings?', query: 'sfu:free_slots:sum' },
      { say: 'Did people get back in?', query: 'stage:sfu_join_failures:ratio_rate5m' },
    ],
    mitigation: [
      {
        say: 'Add one SFU node now. Kubernetes replaces a pod that died at once, but waits five minutes for one whose node is gone.',
        action: 'scaleSfu',
        params: { step: 1 },
        approval: 'none',
      },
      {
        say: 'Declare an incident: meetings were cut, and hosts should be told.',
        action: 'openIncident',
        params: { sev: 2 },
        approval: 'none',
      },
      {
        say: 'If the new pod waits for a node: add one to the pool.',
        action: 'raiseNodePool',
        params: { step: 1 },
        approval: 'one',
      },
      callThePersonOnCall,
    ],
    person: 'Tell the hosts of the meetings that were cut, and find out why the pod or the machine ended.',
    leave: 'Several nodes went at the same moment: that is Redis or the network, and new nodes do not help.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('10m'),
    signal: {
      query: `sum(max by (node_id) (${exporter.nodeState.name}{state="serving"}))`,
      unit: 'count',
      threshold: 1,
      direction: 'below',
      legend: 'serving nodes',
    },
  },
  // Many nodes lost at once are one outage of Redis or the network: no new node for each of them.
  limits: { maxActsPerHour: 2 },
});
