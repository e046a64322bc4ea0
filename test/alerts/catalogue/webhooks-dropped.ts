import { webhooksDropped } from '../../../alerts/catalogue/webhooks-dropped.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const dispatched = (status: string) =>
  `livekit_webhook_dispatch_total{job="livekit", instance="a:6789", node_id="ND_a", node_type="SERVER", status="${status}", reason=""}`;
const of = (dropped: number) => ({
  [dispatched('success')]: `0+${1_000 - dropped}x80`,
  [dispatched('drop')]: `0+${dropped}x80`,
});

export const proof = proves(webhooksDropped, {
  'it fires after five minutes': fires(
    of(22),
    ['4m45s', '6m'],
    [fired(webhooksDropped, 'warning media livekit-exporter', {}, '2.2% of the webhooks do not arrive.')],
  ),
  'it stays silent just below, while nobody meets, and without data': [
    silent(of(18), '12m'),
    silent({ [dispatched('drop')]: '5x80' }, '12m'),
    silent({}, '12m'),
  ],
});
