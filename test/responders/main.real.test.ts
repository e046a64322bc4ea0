import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { labResponder } from '../../lab/lab-responder.ts';
import { freeTcpPort } from '../../lab/peers/ports.ts';
import { smallPlatform } from '../../lab/simulator/platform.ts';
import { createSimulator } from '../../lab/simulator/simulator.ts';
import { startResponder } from '../../responders/main.ts';
import { openDatabase } from '../../responders/store/database.ts';
import { testDatabase } from '../support/database.ts';

test('a responder that fails half way lets go of its store and its ports', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const address = taken.address();
  const consolePort = typeof address === 'object' ? address?.port : 0;
  const port = await freeTcpPort();
  const databaseUrl = await testDatabase();
  const { cluster, fleet, cloud, beside } = createSimulator({ plan: smallPlatform, factor: 30 });

  await assert.rejects(
    startResponder(
      labResponder({
        factor: 30,
        databaseUrl,
        webhookToken: 'token',
        prometheusUrl: 'http://127.0.0.1:1',
        alertmanagerUrl: 'http://127.0.0.1:1',
        cluster,
        fleet,
        cloud,
        beside,
        notifiers: [],
        sfuFloor: 1,
        listenAddress: `127.0.0.1:${port}`,
        consoleAddress: `127.0.0.1:${consolePort}`,
      }),
    ),
    /EADDRINUSE/,
  );

  const again = createServer().listen(port, '127.0.0.1');
  await once(again, 'listening');
  again.close();
  const looker = openDatabase(databaseUrl, { max: 1, name: 'looker' });
  t.after(() => looker.close());
  const connected = await looker.query(
    `select pid from pg_stat_activity where datname = current_database() and application_name = 'gomeet-responder'`,
  );
  assert.deepEqual(connected, []);
});
