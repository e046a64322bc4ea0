import { defineMetrics, type Emitter } from './define.ts';

const emitter: Emitter = { kind: 'live', peer: 'alertmanager', version: '0.31.1' };

/** What Alertmanager says of its deliveries. */
export const alertmanagerMetrics = defineMetrics({
  notifications: {
    name: 'alertmanager_notifications_total',
    type: 'counter',
    unit: 'notifications',
    help: 'Notifications attempted.',
    labels: ['integration'],
    emitter,
  },
  notificationFailures: {
    name: 'alertmanager_notifications_failed_total',
    type: 'counter',
    unit: 'notifications',
    help: 'Notifications that failed.',
    labels: ['integration', 'reason'],
    emitter,
  },
  activeAlerts: {
    name: 'alertmanager_alerts',
    type: 'gauge',
    unit: 'alerts',
    help: 'Alerts by state.',
    labels: ['state'],
    emitter,
  },
  configReloaded: {
    name: 'alertmanager_config_last_reload_successful',
    type: 'gauge',
    unit: 'boolean',
    help: '1 if the configuration in force is the one on disk.',
    labels: [],
    emitter,
  },
});
