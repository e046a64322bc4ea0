import { actionsRefused } from '../../../alerts/catalogue/actions-refused.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const decisions = (reason: string) =>
  `gomeet_responder_decisions_total{job="responder", instance="r1", alertname="SfuHeadroomLow", outcome="refuse", reason="${reason}"}`;

export const proof = proves(actionsRefused, {
  'it fires at once, and says for which alert and by which guard': fires(
    { [decisions('ceiling')]: '0x40 33x240' },
    ['9m', '12m'],
    [
      fired(
        actionsRefused,
        'warning platform responder',
        { reason: 'ceiling', for_alert: 'SfuHeadroomLow' },
        '33 times in an hour nothing was done for SfuHeadroomLow: ceiling.',
      ),
    ],
  ),
  'it stays silent below that, for what people asked for, and without data': [
    silent({ [decisions('ceiling')]: '0x40 27x240' }, '50m'),
    silent({ [decisions('freeze')]: '0+1x240' }, '50m'),
    silent({}, '50m'),
  ],
});
