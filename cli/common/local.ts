import { loadConfig } from '../../kernel/config.ts';
import { createLog, silentLog } from '../../kernel/log.ts';
import { liveCore } from '../../responders/live.ts';
import { startCore } from '../../responders/start.ts';
import { openDatabase } from '../../responders/store/database.ts';
import { startEmbeddedStore } from '../../responders/store/embedded.ts';
import { migrate } from '../../responders/store/migrations.ts';
import { type StoreSession, whoAmI } from './store.ts';

/** Where the journal of what was done without a responder is kept, until `gomeet journal import` takes it over. */
const localStoreFolder = '.gomeet/local';

/**
 * Runs the same core in this process, on a PostgreSQL of its own: for when the responder or its store is what is broken.
 * It knows nothing of the switches, holds and limits in the responder's store.
 */
export async function withLocalCore(work: (session: StoreSession) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env);
  const log = process.env['GOMEET_LOG'] === undefined ? silentLog : createLog('local');
  const store = await startEmbeddedStore(`${process.cwd()}/${localStoreFolder}`);
  try {
    const live = await liveCore(config, log, store.url, 'what-is-set');
    const started = await startCore(live.options);
    try {
      await started.core.world.refresh(['cluster', 'fleet', 'cloud']);
      started.run(undefined);
      await work({
        database: started.core.database,
        subject: await whoAmI(config.KUBECONFIG, config.KUBE_NAMESPACE),
        core: started.core,
      });
    } finally {
      await started.close();
      await live.close();
    }
  } finally {
    await store.stop();
  }
}

/** The store of what was done from here, without peers or a loop. */
export async function withLocalStore(work: (session: StoreSession) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env);
  const store = await startEmbeddedStore(`${process.cwd()}/${localStoreFolder}`);
  const database = openDatabase(store.url, { max: 2, name: 'gomeet-cli' });
  try {
    await migrate(database);
    await work({ database, subject: await whoAmI(config.KUBECONFIG, config.KUBE_NAMESPACE) });
  } finally {
    await database.close();
    await store.stop();
  }
}
