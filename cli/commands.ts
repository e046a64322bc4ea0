import type { Command } from 'commander';
import type { Register } from './common/register.ts';
import { registerBuild } from './deploy/build.ts';
import { registerChecklist } from './deploy/checklist.ts';
import { registerDeploy } from './deploy/deploy.ts';
import { registerDrift } from './deploy/drift.ts';
import { registerFit } from './deploy/fit.ts';
import { registerImages } from './deploy/images.ts';
import { registerInfra } from './deploy/infra.ts';
import { registerPreview } from './deploy/preview.ts';
import { registerRollback } from './deploy/rollback.ts';
import { registerUninstall } from './deploy/uninstall.ts';
import { registerDemo } from './lab/demo.ts';
import { registerDrill } from './lab/drill.ts';
import { registerLab } from './lab/lab.ts';
import { registerCapacity } from './money/capacity.ts';
import { registerCost } from './money/cost.ts';
import { registerReport } from './money/report.ts';
import { registerDebug } from './operate/debug.ts';
import { registerHealth } from './operate/health.ts';
import { registerRestart } from './operate/restart.ts';
import { registerRollout } from './operate/rollout.ts';
import { registerRoutine } from './operate/routine.ts';
import { registerScale } from './operate/scale.ts';
import { registerTroubleshoot } from './operate/troubleshoot.ts';
import { registerTune } from './operate/tune.ts';
import { registerBackup } from './recover/backup.ts';
import { registerDatabase } from './recover/database.ts';
import { registerDr } from './recover/dr.ts';
import { registerOutage } from './recover/outage.ts';
import { registerSecrets } from './recover/secrets.ts';
import { registerSecurity } from './recover/security.ts';
import { registerConfig } from './respond/config.ts';
import { registerControls } from './respond/controls.ts';
import { registerDoctor } from './respond/doctor.ts';
import { registerExplain } from './respond/explain.ts';
import { registerExporter } from './respond/exporter.ts';
import { registerIncident } from './respond/incident.ts';
import { registerJournal } from './respond/journal.ts';
import { registerReplay } from './respond/replay.ts';
import { registerResponder } from './respond/responder.ts';
import { registerRuns } from './respond/runs.ts';
import { registerTestAlert } from './respond/test-alert.ts';

/** Every command, by the room that it stands in and in the order of `gomeet --help`. Each file imports what is heavy only when its command runs. */
const commandGroups = {
  Respond: [
    registerResponder,
    registerExporter,
    registerControls,
    registerIncident,
    registerRuns,
    registerExplain,
    registerReplay,
    registerJournal,
    registerConfig,
    registerDoctor,
    registerTestAlert,
  ],
  Operate: [
    registerHealth,
    registerTroubleshoot,
    registerDebug,
    registerScale,
    registerRestart,
    registerRollout,
    registerRoutine,
    registerTune,
  ],
  Recover: [registerBackup, registerDr, registerSecrets, registerOutage, registerDatabase, registerSecurity],
  'Money and capacity': [registerReport, registerCapacity, registerCost],
  Deploy: [
    registerFit,
    registerInfra,
    registerImages,
    registerBuild,
    registerPreview,
    registerChecklist,
    registerDeploy,
    registerRollback,
    registerDrift,
    registerUninstall,
  ],
  'Try it': [registerDemo, registerDrill, registerLab],
} satisfies Readonly<Record<string, readonly Register[]>>;

/** Puts every command into a program, under the headings of its help. */
export function registerAll(program: Command): void {
  for (const [heading, registers] of Object.entries(commandGroups)) {
    program.commandsGroup(`${heading}:`);
    for (const register of registers) register(program);
  }
}
