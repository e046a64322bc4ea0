import { trialMeetingFailing } from '../../../alerts/catalogue/trial-meeting-failing.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const success = (probe: string) => `gomeet_probe_success{job="probe", instance="${probe}:9484"}`;

export const proof = proves(trialMeetingFailing, {
  'it fires after three minutes of failing': fires(
    { [success('p1')]: '1x4 0x40' },
    ['4m', '4m30s'],
    [
      fired(
        trialMeetingFailing,
        'critical media livekit-sfu',
        {},
        'The trial meeting has not gone all the way for minutes.',
      ),
    ],
  ),
  'it stays silent while another probe gets through, for one meeting that failed, and without data': [
    silent({ [success('p1')]: '0x40', [success('p2')]: '1x40' }, '9m'),
    silent({ [success('p1')]: '1x4 0x4 1x40' }, ['2m', '9m']),
    silent({}, '9m'),
  ],
});
