import { type Dashboard, DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { joinFailuresHigh } from '../../alerts/catalogue/join-failures-high.ts';
import { mediaQualityDegraded } from '../../alerts/catalogue/media-quality-degraded.ts';
import { sfuHeadroomLow } from '../../alerts/catalogue/sfu-headroom-low.ts';
import { sfuNodeLost } from '../../alerts/catalogue/sfu-node-lost.ts';
import { sfuSaturated } from '../../alerts/catalogue/sfu-saturated.ts';
import { type PanelSpec, prometheusVariable, stat, timeseries } from '../kit.ts';
import { sfuQueries as queries } from './queries.ts';

const numbers: readonly Omit<PanelSpec, 'id'>[] = [
  {
    title: 'How many people are in meetings?',
    description: 'Hidden participants left out.',
    query: queries.participants,
    legend: 'people',
    unit: 'short',
    span: 6,
  },
  {
    title: 'In how many rooms?',
    description: 'Rooms that LiveKit holds.',
    query: queries.rooms,
    legend: 'rooms',
    unit: 'short',
    span: 6,
  },
  {
    title: 'How many meetings of 500 still fit?',
    description: 'Free slots of the largest meeting, all nodes.',
    query: queries.freeSlots,
    legend: 'slots',
    unit: 'short',
    span: 6,
    alert: sfuHeadroomLow,
  },
  {
    title: 'And with one node lost?',
    description: 'The same, without the emptiest node.',
    query: queries.freeSlotsAfterLoss,
    legend: 'slots',
    unit: 'short',
    span: 6,
  },
];

const lines: readonly Omit<PanelSpec, 'id'>[] = [
  {
    title: 'Which node is hot?',
    description: 'CPU by node. A room cannot leave its node: the hottest counts, not the mean.',
    query: queries.cpuByNode,
    legend: '{{node_id}}',
    unit: 'percentunit',
    span: 12,
    alert: sfuSaturated,
  },
  {
    title: 'Where are the people?',
    description: 'Participants by node, from the room map.',
    query: queries.participantsByNode,
    legend: '{{node_id}}',
    unit: 'short',
    span: 12,
  },
  {
    title: 'Are nodes draining or lost?',
    description: 'Nodes by state.',
    query: queries.nodesByState,
    legend: '{{state}}',
    unit: 'short',
    span: 12,
    alert: sfuNodeLost,
  },
  {
    title: 'How much goes over the wire?',
    description: 'Media and signalling, all nodes.',
    query: queries.bitsByDirection,
    legend: '{{direction}}',
    unit: 'bps',
    span: 12,
  },
  {
    title: 'Does quality suffer?',
    description: 'Share of samples with a mean opinion score below 3.5.',
    query: queries.lowQualityByNode,
    legend: '{{node_id}}',
    unit: 'percentunit',
    span: 12,
    alert: mediaQualityDegraded,
  },
  {
    title: 'Do people get in?',
    description: 'Share of joins that fail after signalling.',
    query: queries.joinFailures,
    legend: '{{stage}}',
    unit: 'percentunit',
    span: 12,
    alert: joinFailuresHigh,
  },
];

/** The SFU fleet on one page: the answer in the first row, the detail below, the runbook one click away. */
export function sfuBoard(uid: string): Dashboard {
  const board = new DashboardBuilder('GoMeet SFU')
    .uid(uid)
    .tags(['gomeet'])
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('utc')
    .withVariable(prometheusVariable());
  for (const [index, spec] of numbers.entries()) board.withPanel(stat({ ...spec, id: index + 1 }));
  for (const [index, spec] of lines.entries()) board.withPanel(timeseries({ ...spec, id: numbers.length + index + 1 }));
  return board.build();
}
