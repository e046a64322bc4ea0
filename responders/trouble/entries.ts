import type { Entry } from './define.ts';
import { answersOf, connections, databaseInLog, managedStatus, pooler } from './of-databases.ts';
import { firewall, names, noAddress, nothingBehind, outside } from './of-edge.ts';
import { badRelease, configuration, image, nodeTrouble, noRoom, outOfMemory } from './of-services.ts';
import { atCeiling, highOn, moreMemory, moreReplicas } from './of-usage.ts';

const serviceNotStarting: Entry = {
  name: 'service-not-starting',
  title: 'Service not starting',
  symptoms: 'Pods in CrashLoopBackOff, ImagePullBackOff or Pending',
  ofWorkload: true,
  questions: [noRoom, outOfMemory, image, configuration, databaseInLog, badRelease, nodeTrouble],
};

const highUsage: Entry = {
  name: 'high-usage',
  title: 'High CPU or memory',
  symptoms: 'Pods or nodes near their limits',
  ofWorkload: false,
  questions: [
    highOn('CPU of a pod', 'cpuOfRequest', 1, moreReplicas),
    highOn('memory of a pod', 'memoryOfRequest', 0.9, moreMemory),
    highOn('CPU of a node', 'nodeCpu', 0.9, moreReplicas),
    highOn('memory of a node', 'nodeMemory', 0.95, moreReplicas),
    outOfMemory,
    atCeiling,
    noRoom,
  ],
};

const database: Entry = {
  name: 'database',
  title: 'Database connectivity',
  symptoms: 'Services cannot reach PostgreSQL or Valkey',
  ofWorkload: false,
  questions: [
    managedStatus,
    answersOf('PostgreSQL', 'postgresUp'),
    answersOf('Valkey', 'valkeyUp'),
    connections,
    pooler,
    databaseInLog,
  ],
};

const loadBalancer: Entry = {
  name: 'load-balancer',
  title: 'Load balancer',
  symptoms: 'What comes from outside does not reach the services',
  ofWorkload: false,
  questions: [noAddress, nothingBehind, names, firewall, outside, nodeTrouble],
};

/** The runbook's troubleshooting, as data. */
export const entries: readonly Entry[] = [serviceNotStarting, highUsage, database, loadBalancer];

/** The entry of that name; undefined when there is none. */
export function entryNamed(name: string): Entry | undefined {
  return entries.find((entry) => entry.name === name);
}

/** The entry that fits an alert, by its name; a service that does not start is the usual one. */
export function entryFor(alertname: string): Entry {
  if (/postgres|valkey|redis|database|pool-?clients|pgbouncer/i.test(alertname)) return database;
  if (/gateway|loadbalancer|traefik|certificate|outside|address|trialmeeting/i.test(alertname)) return loadBalancer;
  return /cpu|memory|saturat|headroom|disk|pressure|responsetime/i.test(alertname) ? highUsage : serviceNotStarting;
}
