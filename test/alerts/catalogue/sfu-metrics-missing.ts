import { sfuMetricsMissing } from '../../../alerts/catalogue/sfu-metrics-missing.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const up = 'up{job="livekit", instance="a:1"}';
const missing = fired(
  sfuMetricsMissing,
  'warning media livekit-sfu',
  { job: 'livekit' },
  'Prometheus has found no target of livekit for ten minutes.',
);

export const proof = proves(sfuMetricsMissing, {
  'it fires ten minutes after the last target went, and without any data': [
    fires({ [up]: '1x8 stale' }, ['11m', '13m'], [missing]),
    fires({}, ['9m45s', '10m30s'], [missing]),
  ],
  'it stays silent while one is there, even if it does not answer, and while one is replaced': [
    silent({ [up]: '0x100' }, '15m'),
    silent({ [up]: '1x8 _x20 1x60' }, ['7m', '15m']),
  ],
});
