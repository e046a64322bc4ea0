import { digitalOceanMetrics as cloud } from '../../exporters/metrics/digitalocean.ts';
import { livekitServerMetrics as livekit } from '../../exporters/metrics/livekit-server.ts';
import { duration } from '../../kernel/duration.ts';
import { digitalOceanExporter } from '../../manifests/catalogue/digitalocean-exporter.ts';
import { defineAlert } from '../define.ts';
import { roomRules } from '../recording/rooms.ts';
import { callThePersonOnCall } from '../steps.ts';
import { monthlyBudgetUsd } from './budget-burn.ts';

/** Dollars of outbound transfer above the pool that a month may cost: a tenth of the budget. */
export const maxOverageUsd = monthlyBudgetUsd / 10;
const overage = `max(${cloud.transferOverage.name})`;

/** Traffic above the transfer pool will cost more than a tenth of the month's budget. */
export const transferOverage = defineAlert({
  name: 'TransferOverage',
  expr: `${overage} > ${maxOverageUsd}`,
  for: duration('6h'),
  severity: 'warning',
  owner: 'platform',
  group: 'cost',
  labels: { service: digitalOceanExporter.name },
  summary: 'Outbound traffic will cost far more than the transfer pool holds',
  description: 'At the pace so far {{ $value | humanize }} dollars will be billed on top.',
  runbook: {
    meaning: `The Droplets' pooled transfer allowance will not hold the month's outbound traffic; what is above it is billed by the GiB and comes to more than $${maxOverageUsd}.`,
    impact: 'Nobody in a meeting notices. The count of nodes does not show this cost, so no ceiling on nodes stops it.',
    diagnosis: [
      { say: 'How much on top?', query: overage },
      {
        say: 'How much of the pool is gone, and where will it end?',
        query: `max(${cloud.transferProjected.name}) / max(${cloud.transferPool.name})`,
      },
      {
        say: 'How much is each participant sent?',
        query: `8 * sum(rate(${livekit.packetBytes.name}{direction="outgoing"}[1h])) / ${roomRules.participants.record}`,
        command: 'gomeet cost report',
        expect: 'Less than 2 Mbit/s as the egress of a participant.',
      },
      {
        say: 'Would another mix of rooms send less?',
        command: 'gomeet capacity what-if --participants 50000',
        expect: 'A smaller `transfer a month` than now.',
      },
    ],
    mitigation: [
      {
        ...callThePersonOnCall,
        say: 'Ask the media team: adaptive stream and dynacast on in every client, `limit.subscription_limit_video`, fewer tiles. Ask the platform team whether traffic leaves that need not: backups, images, logs.',
      },
    ],
    person: 'Find which service or meeting sends more than before, and lower what it sends.',
    leave: 'A booked event with many viewers explains it.',
  },
  response: {
    mode: 'suggest',
    escalateAfter: duration('1d'),
    signal: { query: overage, unit: 'count', threshold: maxOverageUsd, direction: 'above', legend: 'dollars on top' },
  },
  limits: { maxDataAge: duration('15m') },
});
