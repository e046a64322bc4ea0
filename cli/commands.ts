import { registerBackup } from './backup.ts';
import { registerBuild } from './build.ts';
import { registerCapacity } from './capacity.ts';
import { registerChecklist } from './checklist.ts';
import { registerConfig } from './config.ts';
import { registerControls } from './controls.ts';
import { registerCost } from './cost.ts';
import { registerDatabase } from './database.ts';
import { registerDebug } from './debug.ts';
import { registerDemo } from './demo.ts';
import { registerDeploy } from './deploy.ts';
import { registerDoctor } from './doctor.ts';
import { registerDr } from './dr.ts';
import { registerDrift } from './drift.ts';
import { registerDrill } from './drill.ts';
import { registerExplain } from './explain.ts';
import { registerExporter } from './exporter.ts';
import { registerFit } from './fit.ts';
import { registerHealth } from './health.ts';
import { registerImages } from './images.ts';
import { registerIncident } from './incident.ts';
import { registerInfra } from './infra.ts';
import { registerJournal } from './journal.ts';
import { registerLab } from './lab.ts';
import { registerOutage } from './outage.ts';
import { registerPreview } from './preview.ts';
import type { Register } from './register.ts';
import { registerReplay } from './replay.ts';
import { registerReport } from './report.ts';
import { registerResponder } from './responder.ts';
import { registerRestart } from './restart.ts';
import { registerRollback } from './rollback.ts';
import { registerRollout } from './rollout.ts';
import { registerRoutine } from './routine.ts';
import { registerRuns } from './runs.ts';
import { registerScale } from './scale.ts';
import { registerSecrets } from './secrets.ts';
import { registerSecurity } from './security.ts';
import { registerTestAlert } from './test-alert.ts';
import { registerTroubleshoot } from './troubleshoot.ts';
import { registerTune } from './tune.ts';
import { registerUninstall } from './uninstall.ts';

/** Every command, in the order of `gomeet --help`. Each file imports what is heavy only when its command runs. */
export const commands: readonly Register[] = [
  registerResponder,
  registerExporter,
  registerControls,
  registerIncident,
  registerHealth,
  registerTroubleshoot,
  registerDebug,
  registerRoutine,
  registerTune,
  registerRuns,
  registerScale,
  registerRestart,
  registerRollout,
  registerExplain,
  registerReplay,
  registerJournal,
  registerReport,
  registerBackup,
  registerDr,
  registerSecrets,
  registerOutage,
  registerDatabase,
  registerSecurity,
  registerCapacity,
  registerCost,
  registerFit,
  registerInfra,
  registerImages,
  registerChecklist,
  registerDeploy,
  registerRollback,
  registerDrift,
  registerUninstall,
  registerBuild,
  registerPreview,
  registerConfig,
  registerDoctor,
  registerTestAlert,
  registerDemo,
  registerDrill,
  registerLab,
];
