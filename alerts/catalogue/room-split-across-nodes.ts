import { livekitExporterMetrics as exporter } from '../../exporters/metrics/livekit-exporter.ts';
import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Split meetings that are tolerated. */
export const maxSplitRooms = 0;
const split = `max(${exporter.roomsSplit.name})`;

/** One meeting runs twice: its people are in the same room by name and cannot see each other. */
export const roomSplitAcrossNodes = defineAlert({
  name: 'RoomSplitAcrossNodes',
  expr: `${split} > ${maxSplitRooms}`,
  for: duration('1m'),
  severity: 'critical',
  owner: 'media',
  group: 'critical',
  labels: { service: sfuWorkload.name },
  summary: 'A meeting is split over two SFU nodes',
  description: '{{ $value }} meetings run as two rooms on two nodes.',
  runbook: {
    meaning:
      'The same meeting exists as two rooms on two nodes. LiveKit does this only when its nodes do not share one room map: Redis lost it (an eviction policy, a flush, a failover to an empty replica), or some nodes run without Redis.',
    impact: 'Half of a meeting cannot see or hear the other half. Nobody gets an error; they wait for each other.',
    diagnosis: [
      { say: 'Since when, and how many?', query: split },
      {
        say: 'Does Redis evict? It must be noeviction; allkeys-lru throws the room map away.',
        command: 'redis-cli -u "$REDIS_URL" info memory | grep maxmemory_policy',
        expect: 'maxmemory_policy:noeviction.',
      },
      {
        say: 'Do all SFU pods use Redis, and the same one?',
        command: 'kubectl -n gomeet logs -l app=livekit-sfu --prefix --tail=-1 | grep -i "connecting to redis"',
        expect: 'One line a pod, all with the same address.',
      },
      {
        say: 'Were nodes lost or Redis failed over just before?',
        query: 'sum(max by (node_id) (gomeet_sfu_node_state{state="lost"}))',
      },
    ],
    mitigation: [
      {
        say: 'Declare an incident. Mending it means ending one half: tell the host to have everybody leave and come back after the shared map is mended. A machine does not choose which half to cut.',
        action: 'openIncident',
        params: { sev: 2 },
        approval: 'none',
      },
      callThePersonOnCall,
    ],
    person: 'Mend the shared map first, then have the host send everybody out and in again.',
    leave: 'Never restart SFUs for it: that cuts every other meeting.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('5m'),
    signal: { query: split, unit: 'count', threshold: maxSplitRooms, direction: 'above', legend: 'split meetings' },
  },
});
