import { nodeLimits, pressure } from '../../model/capacity/node.ts';
import { capacityPlan, largestMeeting, meetingLoad } from '../../model/capacity.ts';
import { nodeSize } from '../../model/prices.ts';
import type { Environment } from '../environments/define.ts';
import type { Finding } from './define.ts';

/** Whether a node carries the largest meeting, all nodes the people, and the network what the autoscaler lets a node send. */
export function mediaFindings({ settings, pools, workloads }: Environment): readonly Finding[] {
  const sfu = workloads.find(({ name }) => name === 'livekit-sfu');
  const pool = pools.find(({ name }) => name === sfu?.pool);
  const size = pool === undefined ? undefined : nodeSize(pool.size);
  if (sfu === undefined || pool === undefined || size === undefined) return [];
  const meeting = { ...largestMeeting, participants: settings.largestMeeting };
  const load = meetingLoad(meeting);
  const limits = nodeLimits(size);
  const { resource, ratio } = pressure(load, limits);
  const perNode = Math.floor(1 / ratio);
  const most = sfu.maxReplicas * perNode * settings.largestMeeting;
  const says = `${settings.largestMeeting} people with ${meeting.tiles} tiles and ${meeting.speakers} speakers take ${round(load.cpuCores)} cores and ${mbps(load.bytesPerSecond)} Mbit/s; a ${size.slug} is planned to ${round(limits.cpuCores)} cores (60 %) and ${mbps(limits.bytesPerSecond)} Mbit/s (70 % of its line)`;
  const target =
    sfu.scaling?.kind === 'auto' ? sfu.scaling.metrics?.find(({ name }) => name === 'bandwidth-mbps') : undefined;
  return [
    {
      check: 'largest-meeting',
      about: 'livekit-sfu',
      fits: ratio <= 1,
      arithmetic: `${says}: ${Math.round(ratio * 100)} % of its ${resource}, and a meeting cannot span nodes`,
      ...(ratio <= 1
        ? {}
        : { change: `a larger node for the SFU than ${size.slug}, fewer tiles, or smaller meetings` }),
    },
    {
      check: 'participants',
      about: 'livekit-sfu, most',
      fits: most >= settings.participants,
      arithmetic: `${sfu.maxReplicas} SFUs x ${perNode} meeting${perNode === 1 ? '' : 's'} of ${settings.largestMeeting} = ${most.toLocaleString('en-US')} of ${settings.participants.toLocaleString('en-US')} people`,
      ...(most >= settings.participants ? {} : { change: 'more SFUs at the most, larger nodes, or a smaller claim' }),
    },
    {
      check: 'network',
      about: 'livekit-sfu',
      fits: target === undefined || target.perReplica <= Number(mbps(limits.bytesPerSecond)),
      arithmetic: `the autoscaler adds an SFU at ${target?.perReplica ?? 'no'} Mbit/s each; the line of a ${size.slug} is ${mbps(limits.bytesPerSecond / capacityPlan.nicTargetRatio)} Mbit/s, planned to ${mbps(limits.bytesPerSecond)}`,
      ...(target !== undefined && target.perReplica > Number(mbps(limits.bytesPerSecond))
        ? { change: 'a lower target of bandwidth, or premium nodes' }
        : {}),
    },
  ];
}

function round(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}

function mbps(bytesPerSecond: number): string {
  return `${Math.round((bytesPerSecond * 8) / 1e6)}`;
}
