import { hostname, userInfo } from 'node:os';
import { loadConfig, required } from '../../kernel/config.ts';
import type { Core } from '../../responders/core.ts';
import type { Database } from '../../responders/store/database.ts';
import { openDatabase } from '../../responders/store/database.ts';
import { migrate } from '../../responders/store/migrations.ts';

/** The responder's store, and who is asking. */
export interface StoreSession {
  readonly database: Database;
  /** `cli:NAME`: as the cluster's own review names the user, else the user of this machine, marked unreviewed. */
  readonly subject: string;
  /** The core that runs in this very process, with `--local`. */
  readonly core?: Core;
}

/** Opens the store of DATABASE_URL for one command. */
export async function withStore(work: (session: StoreSession) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env);
  const database = openDatabase(required(config, 'DATABASE_URL'), { max: 2, name: 'gomeet-cli' });
  try {
    await migrate(database);
    await work({ database, subject: await whoAmI(config.KUBECONFIG, config.KUBE_NAMESPACE) });
  } finally {
    await database.close();
  }
}

/** `cli:NAME`, by the cluster's own review where a KUBECONFIG is set. */
export async function whoAmI(kubeconfig: string | undefined, namespace: string): Promise<string> {
  if (kubeconfig !== undefined) {
    const { createKubernetesClient } = await import('../../responders/adapters/kubernetes/client.ts');
    const { reviewedUser } = await import('../../responders/adapters/kubernetes/access.ts');
    const name = await reviewedUser(createKubernetesClient({ kubeconfig, namespace })).catch(() => undefined);
    if (name !== undefined) return `cli:${name}`;
  }
  return `cli:${userInfo().username}@${hostname()} (unreviewed)`;
}
