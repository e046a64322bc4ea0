import { type DatabaseAdmin, initialiseDatabase } from '../database/initialise.ts';
import { type DeclaredDatabase, planDatabase, productDatabase } from '../database/plan.ts';
import { fieldOf } from '../kube/object.ts';
import type { Kube } from '../kube/port.ts';
import type { Part } from '../phases/ports.ts';

/** Phase 5: database, user, readers and indexes, with the names and the password that the services read from their secret. */
export function databasePart(
  open: () => DatabaseAdmin,
  kube: Kube,
  namespace: string,
  database: Omit<DeclaredDatabase, 'name' | 'user'> = productDatabase,
): Part {
  async function withAdmin<T>(
    work: (admin: DatabaseAdmin, declared: DeclaredDatabase, password: string) => Promise<T>,
  ): Promise<T> {
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: 'digitalocean-credentials' };
    const secret = await kube.get(ref);
    const value = (key: string) => {
      const found = fieldOf(secret, 'data', key);
      return typeof found === 'string' ? Buffer.from(found, 'base64').toString('utf8') : '';
    };
    const declared = { ...database, name: value('DO_POSTGRES_DBNAME'), user: value('DO_POSTGRES_USER') };
    const admin = open();
    try {
      return await work(admin, declared, value('DO_POSTGRES_PASSWORD'));
    } finally {
      await admin.close();
    }
  }
  return {
    rehearse: () =>
      withAdmin(async (admin, declared) =>
        planDatabase(declared, await admin.observe(declared)).map(({ says }) => says),
      ),
    run: (tell) =>
      withAdmin(async (admin, declared, password) => {
        const { done, waits } = await initialiseDatabase(admin, declared, password, tell);
        return {
          is: 'done',
          says: `${done} steps${waits.length === 0 ? '' : `, ${waits.length} indexes wait for their tables`}`,
        };
      }),
  };
}
