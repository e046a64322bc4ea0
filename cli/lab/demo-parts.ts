import { loadConfig } from '../../kernel/config.ts';
import { actingParts, type RealParts, realParts, troubleLog } from '../../lab/real-parts.ts';
import { confirm } from '../common/confirm.ts';

/** The real parts that the settings name. What the drill would act on stays simulated unless it was agreed to: a KUBECONFIG is often set for other reasons. */
export async function chosenParts(options: { real: boolean; say: (line: string) => void }): Promise<RealParts> {
  const { real, say } = options;
  const config = loadConfig(process.env);
  const agreed = new Set<string>();
  for (const setting of actingParts) {
    if (config[setting] === undefined) continue;
    if (real || (await confirm(`${setting} is set. Let the drill act there?`))) agreed.add(setting);
    else say(`${setting} is set and left alone: with --real the drill would act there.`);
  }
  return await realParts(config, { log: troubleLog(say), mayAct: (setting) => agreed.has(setting) });
}
