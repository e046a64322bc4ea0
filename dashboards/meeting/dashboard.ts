import { mediaQualityDegraded } from '../../alerts/catalogue/media-quality-degraded.ts';
import { meetingNearParticipantLimit } from '../../alerts/catalogue/meeting-near-participant-limit.ts';
import { roomSplitAcrossNodes } from '../../alerts/catalogue/room-split-across-nodes.ts';
import { sfuSaturated } from '../../alerts/catalogue/sfu-saturated.ts';
import { defineBoard, type Link } from '../define.ts';
import { lineLimit, watchedBy } from '../watched.ts';
import { meetingQueries as queries } from './queries.ts';

const node: Link = { title: 'This node', board: 'gomeet-sfu', with: { node: 'node_id' } };
const media: Link = { title: 'Media of this node', board: 'gomeet-webrtc', with: { node: 'node_id' } };

/** One meeting: who is in it, on which node, and how that node does. The largest meetings have a series of their own. */
export const meetingBoard = defineBoard({
  uid: 'gomeet-meeting',
  title: 'Meeting',
  folder: 'GoMeet',
  source: 'meeting',
  question: 'How is this meeting doing, and on which node is it?',
  span: '3h',
  variables: ['room'],
  queries,
  rows: [
    {
      title: 'How is this meeting doing, and on which node is it?',
      panels: [
        {
          id: 1,
          title: 'How many people are in it?',
          description:
            'Hidden participants left out. Only the 20 largest meetings are named, unless the exporter is told otherwise.',
          show: 'stat',
          series: { '{{room_sid}}': queries.people },
          unit: 'short',
          span: 6,
        },
        {
          id: 2,
          title: 'How full is it?',
          description: 'Against the 500 that are sold.',
          show: 'stat',
          series: { '{{room_sid}}': queries.fill },
          unit: 'percentunit',
          span: 6,
          alert: meetingNearParticipantLimit,
        },
        {
          id: 3,
          title: 'How many meetings share its node?',
          description: 'A meeting cannot leave its node: whatever else runs there, it feels.',
          show: 'stat',
          series: { '{{node_id}}': queries.others },
          unit: 'short',
          span: 6,
          links: [node],
        },
        {
          id: 4,
          title: 'Does any meeting run twice?',
          description: 'Meetings that run as two rooms on two nodes: people in one do not see those in the other.',
          show: 'stat',
          series: { split: queries.split },
          unit: 'short',
          span: 6,
          alert: roomSplitAcrossNodes,
        },
      ],
    },
    {
      title: 'What happened in it?',
      panels: [
        {
          id: 5,
          title: 'Who came and went?',
          description: 'People over time; the line changes its node when the meeting was placed anew.',
          show: 'lines',
          series: { 'on {{node_id}}': queries.peopleByNode },
          unit: 'short',
          span: 24,
          links: [node, media],
        },
      ],
    },
    {
      title: 'How does its node do?',
      panels: [
        {
          id: 6,
          title: 'Is the node hot?',
          description: 'CPU of the node that holds the meeting.',
          show: 'lines',
          series: { '{{node_id}}': queries.nodeCpu },
          unit: 'percentunit',
          span: 12,
          alert: sfuSaturated,
          links: [node],
        },
        {
          id: 7,
          title: 'Does quality suffer there?',
          description: 'Share of samples on the node with a score of 3.5 or less.',
          show: 'lines',
          series: { '{{node_id}}': queries.nodeLowQuality },
          unit: 'percentunit',
          span: 12,
          alert: mediaQualityDegraded,
          links: [media],
        },
        {
          id: 8,
          title: 'What do people think of it?',
          description: 'Mean opinion score on the node.',
          show: 'lines',
          series: { '{{node_id}}': queries.nodeScore },
          unit: 'none',
          span: 12,
          limit: { at: 3.5, direction: 'below', from: 'facts on quality: below 3.5 is unacceptable' },
        },
        {
          id: 9,
          title: 'Are packets lost?',
          description: 'Share on the node: incoming is from people to the SFU, outgoing from it to them.',
          show: 'lines',
          series: { '{{direction}}': queries.nodeLoss },
          unit: 'percentunit',
          alert: watchedBy('PacketLossHigh'),
          span: 12,
        },
        {
          id: 10,
          title: 'How much does the node send?',
          description: 'A Droplet has 2 Gbit/s, a premium one 10.',
          show: 'lines',
          series: { '{{node_id}}': queries.nodeSent },
          unit: 'bps',
          limit: lineLimit,
          span: 18,
        },
        {
          id: 11,
          title: 'In which state is the node?',
          description: 'A draining node still takes people into this meeting.',
          show: 'table',
          series: { '{{state}}': queries.nodeState },
          columns: { node_id: 'Node', state: 'State' },
          unit: 'short',
          span: 6,
          links: [node],
        },
      ],
    },
  ],
});
