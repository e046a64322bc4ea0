import { actionsDoNotHelp } from '../../../alerts/catalogue/actions-do-not-help.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const runs = (state: string) =>
  `gomeet_responder_runs_total{job="responder", instance="r1", action="scaleSfu", state="${state}"}`;

export const proof = proves(actionsDoNotHelp, {
  'it fires at once at the third, and says of which action': fires(
    { [runs('not-improved')]: '0x40 3.3x240' },
    ['9m', '12m'],
    [
      fired(
        actionsDoNotHelp,
        'warning platform responder',
        { action: 'scaleSfu' },
        '3 runs of scaleSfu did not help within an hour.',
      ),
    ],
  ),
  'it stays silent for two, for what helped, and without data': [
    silent({ [runs('unknown')]: '0x40 2.6x240' }, '50m'),
    silent({ [runs('verified')]: '0+1x240' }, '50m'),
    silent({}, '50m'),
  ],
});
