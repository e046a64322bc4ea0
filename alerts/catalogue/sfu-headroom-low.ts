import { duration } from '../../kernel/duration.ts';
import { sfuWorkload } from '../../manifests/catalogue/livekit-sfu.ts';
import { defineAlert } from '../define.ts';
import { sfuRules } from '../recording/sfu.ts';
import { callThePersonOnCall } from '../steps.ts';

/** Meetings of the largest size that must always fit on the fleet. */
export const minFreeSlots = 2;
/** The same with the emptiest node gone. */
export const minFreeSlotsAfterLoss = 1;

/** The next large meeting may find no room. Counted in meetings, since load can be low everywhere and still no node have space for one. */
export const sfuHeadroomLow = defineAlert({
  name: 'SfuHeadroomLow',
  expr: `${sfuRules.freeSlots.record} < ${minFreeSlots}\nor\n${sfuRules.freeSlotsAfterLoss.record} < ${minFreeSlotsAfterLoss}`,
  for: duration('1m'),
  keepFiringFor: duration('2m'),
  severity: 'warning',
  owner: 'media',
  group: 'capacity',
  labels: { service: sfuWorkload.name },
  summary: 'The SFU fleet has hardly any room for another large meeting',
  description: `{{ $value }} more meetings of ${sfuWorkload.largestRoomParticipants} people fit, now or with one node gone.`,
  runbook: {
    meaning: `Fewer than ${minFreeSlots} meetings of ${sfuWorkload.largestRoomParticipants} people still fit, or none would fit once the emptiest node is lost. A meeting never spans nodes, so free space on several nodes does not add up to one.`,
    impact:
      'Nobody suffers yet. The next large meeting will be placed on a node that is already busy and saturate it; the loss of a node would do the same to several.',
    diagnosis: [
      { say: 'Where is the free room?', query: 'max by (node_id) (gomeet_sfu_node_free_slots)' },
      {
        say: 'Are nodes missing: lost, draining, or still starting?',
        query: 'sum by (state) (max by (node_id, state) (gomeet_sfu_node_state))',
      },
      {
        say: 'Do SFU pods wait for a node?',
        query: 'sum(kube_pod_status_unschedulable{namespace="gomeet", pod=~"livekit-sfu-.+"})',
        command: 'kubectl -n gomeet get pods -l app=livekit-sfu -o wide',
        expect: 'All Running, one a node.',
      },
      {
        say: 'Is more coming? People connected, against yesterday at this time.',
        query: 'platform:participants:sum offset 1d',
      },
    ],
    mitigation: [
      {
        say: 'Add one SFU node. It lapses: room-aware scale-in takes it back when it is empty and no longer wanted.',
        action: 'scaleSfu',
        params: { step: 1 },
        approval: 'none',
      },
      {
        say: 'One was not enough and people still come: add two more.',
        action: 'scaleSfu',
        params: { step: 2 },
        approval: 'none',
      },
      {
        say: 'Declare an incident: the ceiling of the fleet, of the pool or of the budget may have to be raised by people.',
        action: 'openIncident',
        params: { sev: 3 },
        approval: 'none',
      },
      {
        say: 'If SFU pods wait for a node: add one to the pool. It costs money and takes two to four minutes to boot.',
        action: 'raiseNodePool',
        params: { step: 1 },
        approval: 'one',
      },
      callThePersonOnCall,
    ],
    person: 'Raise the ceiling of the fleet, of the pool or of the budget, if that is what stops it.',
    leave: 'It is minutes before the planned end of an event: the room comes back by itself.',
  },
  response: {
    mode: 'auto',
    escalateAfter: duration('30m'),
    signal: {
      query: sfuRules.freeSlots.record,
      unit: 'count',
      threshold: minFreeSlots,
      direction: 'below',
      legend: 'free slots',
    },
  },
  limits: { cooldown: duration('5m'), maxActsPerHour: 6 },
});
