import { notificationsFailing } from '../../../alerts/catalogue/notifications-failing.ts';
import { fired, fires, proves, silent } from '../scenario.ts';

const of = (integration: string, failed: string) => ({
  [`alertmanager_notifications_failed_total{job="alertmanager", instance="a1", integration="${integration}", reason="other"}`]:
    failed,
  [`alertmanager_notifications_total{job="alertmanager", instance="a1", integration="${integration}"}`]: '0+100x80',
});

export const proof = proves(notificationsFailing, {
  'it fires after five minutes, for that way': fires(
    { ...of('slack', '0+11x80'), ...of('webhook', '0x80') },
    ['4m45s', '6m'],
    [
      fired(
        notificationsFailing,
        'critical platform alertmanager',
        { integration: 'slack' },
        '11% of the messages by slack fail.',
      ),
    ],
  ),
  'it stays silent just below, for a moment, and without data': [
    silent(of('slack', '0+9x80'), '12m'),
    silent(of('slack', '0x4 0+60x4 240x60'), '12m'),
    silent({}, '12m'),
  ],
});
