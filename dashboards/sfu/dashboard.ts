import { mediaQualityDegraded } from '../../alerts/catalogue/media-quality-degraded.ts';
import { sfuHeadroomLow } from '../../alerts/catalogue/sfu-headroom-low.ts';
import { sfuSaturated } from '../../alerts/catalogue/sfu-saturated.ts';
import { defineBoard, type Link } from '../define.ts';
import { sharedPanels } from '../shared.ts';
import { lineLimit } from '../watched.ts';
import { sfuQueries as queries } from './queries.ts';

const quality: Link = { title: 'Quality on this node', board: 'gomeet-webrtc', with: { node: 'node_id' } };
const only: Link = { title: 'Only this node', board: 'gomeet-sfu', with: { node: 'node_id' } };

/** The SFU fleet on one page: whether it holds, which node does not, and what can still come. */
export const sfuBoard = defineBoard({
  uid: 'gomeet-sfu',
  title: 'SFU Fleet and Capacity',
  folder: 'GoMeet',
  source: 'sfu',
  question: 'Is there room for the next meeting, and which node is in trouble?',
  span: '3h',
  variables: ['node'],
  queries,
  rows: [
    {
      title: 'Is there room for the next meeting?',
      panels: [
        { ...sharedPanels.people, id: 1, span: 4, links: [{ title: 'Meetings', board: 'gomeet-meeting' }] },
        {
          id: 2,
          title: 'In how many rooms?',
          description: 'Rooms that LiveKit holds.',
          show: 'stat',
          series: { rooms: queries.rooms },
          unit: 'short',
          span: 4,
        },
        {
          id: 15,
          title: 'How many nodes serve?',
          description: 'Nodes that take new meetings.',
          show: 'stat',
          series: { serving: queries.serving },
          unit: 'short',
          span: 4,
          limit: { at: 1, direction: 'below', from: 'without one, nobody meets' },
        },
        { ...sharedPanels.freeSlots, id: 3, span: 4, links: [] },
        {
          id: 4,
          title: 'And with one node lost?',
          description: 'The same, without the emptiest node.',
          show: 'stat',
          series: { slots: queries.freeSlotsAfterLoss },
          unit: 'short',
          span: 4,
          limit: { at: 1, direction: 'below', from: 'a node may die at any time' },
        },
        {
          id: 14,
          title: 'Nodes lost?',
          description: 'Nodes that have not reported for five seconds, for an hour after.',
          show: 'stat',
          series: { lost: queries.lost },
          unit: 'short',
          span: 4,
          limit: { at: 0, direction: 'above', from: 'a lost node took its meetings along' },
        },
      ],
    },
    {
      title: 'Which node is in trouble?',
      panels: [
        {
          id: 5,
          title: 'Which node is hot?',
          description: 'CPU by node. A room cannot leave its node: the hottest counts, not the mean.',
          show: 'lines',
          series: { '{{node_id}}': queries.cpuByNode, 'median of all': queries.cpuMedian },
          unit: 'percentunit',
          span: 12,
          alert: sfuSaturated,
          links: [only, quality],
        },
        {
          id: 6,
          title: 'Where are the people?',
          description: 'Participants by node, from the room map.',
          show: 'lines',
          series: { '{{node_id}}': queries.participantsByNode },
          unit: 'short',
          span: 12,
          links: [only, quality],
        },
        {
          id: 7,
          title: 'Are nodes draining or lost?',
          description:
            'Nodes that take no new meeting, by state. A draining node still takes people into meetings that it holds.',
          show: 'stack',
          series: { '{{state}}': queries.notServing },
          unit: 'short',
          span: 12,
        },
        {
          id: 8,
          title: 'Does room run out?',
          description: 'Meetings of 500 that still fit, and those that would with the emptiest node gone.',
          show: 'lines',
          series: { now: queries.freeSlots, 'with a node lost': queries.freeSlotsAfterLoss },
          unit: 'short',
          span: 12,
          alert: sfuHeadroomLow,
        },
      ],
    },
    {
      title: 'Do people feel it?',
      panels: [
        {
          id: 9,
          title: 'Does quality suffer?',
          description: 'Share of samples with a mean opinion score of 3.5 or less.',
          show: 'lines',
          series: { '{{node_id}}': queries.lowQualityByNode },
          unit: 'percentunit',
          span: 12,
          alert: mediaQualityDegraded,
          links: [quality],
        },
        { ...sharedPanels.joinFailures, id: 10, span: 12 },
        {
          id: 11,
          title: 'How much goes over the wire?',
          description: 'Media and signalling of the chosen nodes.',
          show: 'lines',
          series: { '{{direction}}': queries.bitsByDirection },
          unit: 'bps',
          span: 12,
        },
        {
          id: 12,
          title: 'Which network card is near its end?',
          description: 'Sent by node; a Droplet has 2 Gbit/s, a premium one 10.',
          show: 'lines',
          series: { '{{node_id}}': queries.bitsByNode },
          unit: 'bps',
          span: 12,
          limit: lineLimit,
          links: [only],
        },
        {
          id: 13,
          title: 'Which meetings are the largest?',
          description: 'The ten largest, by session id, with the node that each cannot leave.',
          show: 'table',
          series: { '{{room_sid}}': queries.largestRooms },
          columns: { room_sid: 'Meeting', node_id: 'Node', value: 'People' },
          unit: 'short',
          span: 12,
          links: [{ title: 'This meeting', board: 'gomeet-meeting', with: { room: 'room_sid' } }],
        },
        {
          id: 16,
          title: 'Where can the next large meeting go?',
          description: 'The ten nodes with the most room for meetings of 500; a node that is not serving has none.',
          show: 'table',
          series: { '{{node_id}}': queries.roomiest },
          columns: { node_id: 'Node', value: 'Meetings of 500' },
          unit: 'short',
          span: 12,
          links: [only],
        },
      ],
    },
  ],
});
