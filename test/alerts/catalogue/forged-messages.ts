import { forgedMessages } from '../../../alerts/catalogue/forged-messages.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const livekit = (result: string) =>
  `gomeet_webhook_events_total{job="livekit-exporter", instance="e1:9482", event="room_started", result="${result}"}`;
const door = (name: string, result: string) =>
  `gomeet_responder_${name}_total{job="responder", instance="r1:9480", result="${result}"}`;

export const proof = proves(forgedMessages, {
  'it fires at once, for each door by itself': [
    fires(
      { [livekit('forged')]: '0x40 5.6x40' },
      ['9m', '10m30s'],
      [
        fired(
          forgedMessages,
          'warning platform responder',
          { at: 'livekit' },
          '6 messages at livekit were not signed as they should be.',
        ),
      ],
    ),
    fires(
      { [door('webhook_requests', 'unauthorized')]: '0x40 5.6x40' },
      ['9m', '10m30s'],
      [
        fired(
          forgedMessages,
          'warning platform responder',
          { at: 'alertmanager' },
          '6 messages at alertmanager were not signed as they should be.',
        ),
      ],
    ),
    fires(
      { [door('clicks', 'forged')]: '0x40 5.6x40' },
      ['9m', '10m30s'],
      [
        fired(
          forgedMessages,
          'warning platform responder',
          { at: 'slack' },
          '6 messages at slack were not signed as they should be.',
        ),
      ],
    ),
  ],
  'it stays silent for four, for what is signed, and without data': [
    silent({ [livekit('unsigned')]: '0x40 4.5x40' }, '15m'),
    silent({ [livekit('accepted')]: '0+100x80', [door('clicks', 'done')]: '0+100x80' }, '15m'),
    silent({}, '15m'),
  ],
});
