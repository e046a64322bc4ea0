import { inboxBacklog } from '../../../alerts/catalogue/inbox-backlog.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const age = (replica: string) => `gomeet_responder_inbox_oldest_age_seconds{job="responder", instance="${replica}"}`;

export const proof = proves(inboxBacklog, {
  'it fires after a minute': fires(
    { [age('r1')]: '0x4 66x40' },
    ['2m', '2m30s'],
    [fired(inboxBacklog, 'critical platform responder', {}, 'The oldest alert has waited 1m 6s.')],
  ),
  'it stays silent just below, for half a minute, and without data': [
    silent({ [age('r1')]: '54x40' }, '9m'),
    silent({ [age('r1')]: '0x4 90x2 0x40' }, ['1m45s', '9m']),
    silent({}, '9m'),
  ],
});
