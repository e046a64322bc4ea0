import { mediaQualityDegraded } from '../../alerts/catalogue/media-quality-degraded.ts';
import { maxJitterSeconds, maxRoundTripSeconds } from '../../alerts/families/tracks.ts';
import { defineBoard, type Link } from '../define.ts';
import { sharedPanels } from '../shared.ts';
import { watchedBy } from '../watched.ts';
import { webrtcQueries as queries } from './queries.ts';

const node: Link = { title: 'This node', board: 'gomeet-sfu', with: { node: 'node_id' } };

/** Video quality and performance (deployment README): how people hear and see each other, and why not. */
export const webrtcBoard = defineBoard({
  uid: 'gomeet-webrtc',
  title: 'WebRTC Analytics',
  folder: 'GoMeet',
  source: 'webrtc',
  question: 'Do people get in, and do they hear and see each other well?',
  span: '3h',
  variables: ['node'],
  queries,
  rows: [
    {
      title: 'Do people get in, and do they hear and see each other well?',
      panels: [
        {
          id: 1,
          title: 'How does it sound and look?',
          description:
            "Mean opinion score over all participants, 1.0 to 4.5, by LiveKit's own estimate; below 3.5 people complain.",
          show: 'stat',
          series: { 'opinion score': queries.score },
          unit: 'none',
          span: 6,
          limit: { at: 3.5, direction: 'below', from: 'facts on quality: below 3.5 is unacceptable' },
        },
        {
          id: 2,
          title: 'Where is it worst?',
          description: 'Share of samples with a score of 3.5 or less, by node.',
          show: 'stat',
          series: { '{{node_id}}': queries.worstNode },
          unit: 'percentunit',
          span: 6,
          alert: mediaQualityDegraded,
          links: [node],
        },
        { ...sharedPanels.joinSuccess, id: 3, span: 6, links: [] },
        { ...sharedPanels.trial, id: 4, span: 6, links: [] },
      ],
    },
    {
      title: 'What is wrong with the media?',
      panels: [
        {
          id: 5,
          title: 'How many packets are lost?',
          description: 'Share by direction: incoming is from people to the SFU, outgoing from it to them.',
          show: 'lines',
          series: { '{{direction}}': queries.loss },
          unit: 'percentunit',
          span: 12,
          alert: watchedBy('PacketLossHigh'),
        },
        {
          id: 6,
          title: 'How many tracks lose more than 5 %?',
          description: 'Share of track samples, by direction and kind: a mean hides who suffers.',
          show: 'lines',
          series: { '{{direction}} {{type}}': queries.lossyTracks },
          unit: 'percentunit',
          span: 12,
        },
        {
          id: 7,
          title: 'How much does delay waver?',
          description: '95th percentile of jitter, by direction and kind; a starved SFU shows here first.',
          show: 'lines',
          series: { '{{direction}} {{type}}': queries.jitter },
          unit: 's',
          span: 12,
          limit: { at: maxJitterSeconds, direction: 'above', from: 'JitterHigh counts the tracks above it' },
        },
        {
          id: 8,
          title: 'How far away are people?',
          description: '95th percentile of the round trip.',
          show: 'lines',
          series: { '{{direction}}': queries.roundTrip },
          unit: 's',
          span: 12,
          limit: { at: maxRoundTripSeconds, direction: 'above', from: 'RoundTripHigh counts the tracks above it' },
        },
        {
          id: 9,
          title: 'Which node is it?',
          description: 'Mean opinion score by node, all directions.',
          show: 'lines',
          series: { '{{node_id}}': queries.scoreByNode },
          unit: 'none',
          span: 8,
          limit: { at: 3.5, direction: 'below', from: 'facts on quality: below 3.5 is unacceptable' },
          links: [node],
        },
        {
          id: 10,
          title: 'How hard is it to make good?',
          description: 'Packets asked for again, and bytes sent again, each of all that was sent.',
          show: 'lines',
          series: { 'asked for again': queries.nacks, 'sent again': queries.resent },
          unit: 'percentunit',
          span: 8,
        },
        {
          id: 17,
          title: 'How often must a picture begin anew?',
          description: 'Key frames asked for each second of a video track: a picture that freezes asks.',
          show: 'lines',
          series: { 'key frames': queries.keyFrames },
          unit: 'ops',
          span: 8,
        },
      ],
    },
    {
      title: 'Where does the way in break?',
      panels: [
        {
          id: 11,
          title: 'How far do joins come?',
          description:
            'Joins each second by state; signal_* on the node of the WebSocket, rtc_* on the node of the media.',
          show: 'lines',
          series: { '{{state}}': queries.joinsByState },
          unit: 'ops',
          span: 12,
        },
        { ...sharedPanels.joinFailures, id: 12, span: 12, links: [] },
        {
          id: 13,
          title: 'How long does it take?',
          description: '95th percentile: the first answer to the WebSocket, and connected media.',
          show: 'lines',
          series: { signalling: queries.signalling, media: queries.connected },
          unit: 's',
          span: 12,
          limit: { at: 2, direction: 'above', from: 'facts on quality: join p95 of 2 s' },
        },
        {
          id: 14,
          title: 'Where does the trial meeting spend its time?',
          description: 'Mean seconds of each stage of the probe.',
          show: 'stack',
          series: { '{{stage}}': queries.probeStages },
          unit: 's',
          span: 12,
        },
        {
          id: 15,
          title: 'How much is sent and forwarded?',
          description: 'Tracks published to the SFU and forwarded by it, by kind.',
          show: 'lines',
          series: { 'in {{kind}}': queries.published, 'out {{kind}}': queries.forwarded },
          unit: 'short',
          span: 12,
        },
        {
          id: 16,
          title: 'Does the trial meeting lose packets?',
          description: 'From outside, by direction and kind; absent after a trial that failed.',
          show: 'lines',
          series: { '{{direction}} {{kind}}': queries.probeLoss },
          unit: 'percentunit',
          span: 12,
        },
      ],
    },
  ],
});
