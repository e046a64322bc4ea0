import { actionDoesNotHelp } from './action-does-not-help.ts';
import { badDeploy } from './bad-deploy.ts';
import { budgetExceeded } from './budget-exceeded.ts';
import { databaseFailover } from './database-failover.ts';
import type { Drill } from './define.ts';
import { flappingAlert } from './flapping-alert.ts';
import { incidentOpened } from './incident-opened.ts';
import { noData } from './no-data.ts';
import { outageResponse } from './outage-response.ts';
import { restoreOverProductionDrill } from './restore-over-production.ts';
import { scaleInWithLiveMeetings } from './scale-in-with-live-meetings.ts';
import { secretRotation } from './secret-rotation.ts';
import { securityLockdown } from './security-lockdown.ts';
import { serviceCrashLoop } from './service-crash-loop.ts';
import { sfuNodeLoss } from './sfu-node-loss.ts';
import { sfuSaturation } from './sfu-saturation.ts';
import { troubleDatabase } from './trouble-database.ts';
import { troubleHighUsage } from './trouble-high-usage.ts';
import { troubleLoadBalancer } from './trouble-load-balancer.ts';
import { troubleServiceNotStarting } from './trouble-service-not-starting.ts';
import { valkeyRecovery } from './valkey-recovery.ts';

/** Every drill, the demo's first. */
export const drills: readonly Drill[] = [
  sfuSaturation,
  sfuNodeLoss,
  scaleInWithLiveMeetings,
  serviceCrashLoop,
  badDeploy,
  incidentOpened,
  actionDoesNotHelp,
  flappingAlert,
  noData,
  budgetExceeded,
  outageResponse,
  databaseFailover,
  valkeyRecovery,
  restoreOverProductionDrill,
  securityLockdown,
  secretRotation,
  troubleServiceNotStarting,
  troubleHighUsage,
  troubleDatabase,
  troubleLoadBalancer,
];
