import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../kernel/config.ts';
import { silentLog } from '../../kernel/log.ts';
import { startDigitalOceanFake } from '../../lab/fakes/digitalocean.ts';
import { labResponder } from '../../lab/lab-responder.ts';
import { realParts, troubleLog } from '../../lab/real-parts.ts';
import { createSimulator } from '../../lab/simulator/simulator.ts';

const { cluster, fleet, cloud } = createSimulator();
const wiring = labResponder({
  factor: 30,
  databaseUrl: 'postgresql://127.0.0.1:1/none',
  webhookToken: 'a-token-of-the-test',
  prometheusUrl: 'http://127.0.0.1:1',
  alertmanagerUrl: 'http://127.0.0.1:1',
  cluster,
  fleet,
  cloud,
  notifiers: [],
  sfuFloor: 4,
  listenAddress: '127.0.0.1:0',
});
const parts = (settings: Record<string, string>, agreed: boolean) =>
  realParts(loadConfig(settings), { log: silentLog, mayAct: () => agreed });

describe('the real parts of a lab', () => {
  it('are none when no setting names one', async () => {
    const { words, adjust } = await parts({}, true);

    assert.deepEqual(words, []);
    assert.deepEqual(adjust(wiring).ports, wiring.ports);
    assert.equal(adjust(wiring).chat, undefined);
  });

  it('do not hold a cluster or an account that nobody agreed to act on', async () => {
    const { words, adjust } = await parts({ KUBECONFIG: '/no/such/file', DIGITALOCEAN_TOKEN: 'a-token' }, false);

    assert.deepEqual(words, []);
    assert.equal(adjust(wiring).ports.cluster, cluster);
    assert.equal(adjust(wiring).ports.cloud, cloud);
  });

  it('do not take an incoming webhook for Slack: nobody could click there', async () => {
    const { adjust } = await parts({ SLACK_WEBHOOK_URL: 'https://hooks.example.test/x' }, true);

    assert.equal(adjust(wiring).chat, undefined);
  });

  it('put DigitalOcean in the place of the simulated one when that was agreed to, and leave the rest', async (t) => {
    const account = await startDigitalOceanFake({
      token: 'a-token',
      clusters: [],
      dropletLimit: 50,
      monthToDateUsd: 321,
    });
    t.after(() => account.stop());
    const { words, adjust } = await parts({ DIGITALOCEAN_TOKEN: 'a-token', DIGITALOCEAN_API_URL: account.url }, true);

    const { ports } = adjust(wiring);

    assert.equal((await ports.cloud.read()).monthToDate, 321_000_000);
    assert.equal(ports.cluster, cluster);
    assert.equal(words.length, 1);
    assert.match(words[0] ?? '', /DigitalOcean is the real one/);
  });

  it('tell a trouble once, however often it comes', () => {
    const lines: string[] = [];
    const log = troubleLog((line) => lines.push(line));

    log.warn({ error: 'cannot be reached' }, 'Slack did not take it');
    log.warn({ error: 'cannot be reached' }, 'Slack did not take it');
    log.info({}, 'all is well');

    assert.deepEqual(lines, ['Slack did not take it: cannot be reached']);
  });
});
