import { type Drill, usualSetting } from './define.ts';
import { askFor, DrillFailed } from './stage.ts';

/** A key and the database's password are known to somebody: new values, each made once, and whoever reads them starts again one after another. */
export const secretRotation: Drill = {
  name: 'secret-rotation',
  title:
    'secrets are known outside: two people renew them, what reads them restarts in order, no value is written down',
  alertname: undefined,
  setting: usualSetting,
  only: 'simulated',
  async play(stage) {
    const { emergency, ask, records } = stage.platform;
    if (emergency === undefined) throw new DrillFailed('there are no secrets here');
    const value = async (secret: string, key: string): Promise<string> => {
      const object = await stage.platform.objects.get({ apiVersion: 'v1', kind: 'Secret', name: secret });
      const data = Object.entries(object?.['data'] ?? {}).find(([name]) => name === key)?.[1];
      return Buffer.from(String(data), 'base64').toString();
    };
    stage.cause('JWT_SECRET and the password of PostgreSQL stand in a public repository.');
    const of = ['gomeet-secrets', 'JWT_SECRET'] as const;
    const before = { jwt: await value(...of), turn: await value('gomeet-secrets', 'TURN_SECRET') };
    const sfu = await ask('rotateSecrets', { keys: ['LIVEKIT_API_SECRET'] });
    stage.check('a key that meetings hang on is refused', sfu.runId === undefined, sfu.saw);

    const run = await askFor(stage, 'they have new values', 'rotateSecrets', { keys: ['JWT_SECRET'], database: true });
    const after = { jwt: await value(...of), turn: await value('gomeet-secrets', 'TURN_SECRET') };
    stage.check(
      'the key is another',
      after.jwt !== before.jwt && after.jwt.length > 40,
      `${after.jwt.length} characters`,
    );
    stage.check('what was not asked for is as it was', after.turn === before.turn, 'TURN_SECRET');
    const writes = emergency.databaseWrites();
    stage.check('the password was reset once', writes.length === 1, writes.join(', ') || 'never');
    const url = await value('digitalocean-credentials', 'DO_POSTGRES_CONNECTION_STRING');
    const password = await value('digitalocean-credentials', 'DO_POSTGRES_PASSWORD');
    stage.check('the connection string has the new password', url.includes(`:${password}@`), 'both keys agree');
    const said = JSON.stringify([run, await records.journal()]);
    const leaked = [before.jwt, after.jwt, password].filter((text) => said.includes(text));
    stage.check('no value is in the run or the journal', leaked.length === 0, `${leaked.length} found`);
  },
};
