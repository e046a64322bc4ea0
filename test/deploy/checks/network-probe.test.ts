import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runChecks } from '../../../deploy/checks/define.ts';
import { forbidden, networkProbe, probePod, probeScript } from '../../../deploy/checks/network-probe.ts';
import type { KubeObject } from '../../../deploy/kube/object.ts';
import type { Kube } from '../../../deploy/kube/port.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { environments } from '../../../manifests/environments/index.ts';

const { production } = environments;
const nobody = () => assert.fail('not asked');

/** A cluster whose pod ends like this. */
function clusterWhere(ended: unknown): { readonly kube: Kube; readonly there: Set<string> } {
  const there = new Set<string>();
  const withUid = (object: KubeObject) => ({ ...object, metadata: { ...object.metadata, uid: 'u1' } });
  const pod = withUid(probePod(production, 'image', 'network-probe'));
  return {
    there,
    kube: {
      where: { context: 'c', cluster: 'c', server: 's' },
      create: async (object) => {
        there.add(object.metadata.name);
        return withUid(object);
      },
      get: async () => ({ ...pod, status: { containerStatuses: [{ state: { terminated: ended } }] } }),
      remove: async ({ name }, uid) => {
        assert.equal(uid, 'u1');
        there.delete(name);
      },
      list: nobody,
      serves: nobody,
      apply: nobody,
      replace: nobody,
      setField: nobody,
      trouble: nobody,
    },
  };
}

test('it tries every port of the platform that is not public, and none that is', () => {
  const targets = forbidden(production);
  assert.ok(targets.includes('prometheus.gomeet.svc:9090') && targets.includes('pgbouncer-do.gomeet.svc:6432'));
  assert.ok(!targets.some((target) => target.startsWith('traefik.gomeet.svc:8443')));
});

test('dropped is good, reached is not, and no word, no name or no end is unknown; the pod is taken away each time', async () => {
  const cases = [
    [{ exitCode: 0, message: '40 ports, none reached' }, 'ok', /none reached/],
    [{ exitCode: 1, message: 'reached prometheus.gomeet.svc:9090' }, 'failed', /prometheus/],
    [{ exitCode: 2, message: 'cannot look up x' }, 'unknown', /cannot look up/],
    [{ exitCode: 137 }, 'unknown', /no word/],
    [undefined, 'unknown', /has not ended/],
  ] as const;
  for (const [ended, verdict, says] of cases) {
    const { kube, there } = clusterWhere(ended);
    let now = 0;
    const clock = { ...systemClock, now: () => (now += 100_000), sleep: async () => undefined };
    const [finding] = await runChecks([networkProbe({ kube, clock, environment: production, image: 'image' })]);
    assert.equal(finding?.verdict, verdict);
    assert.match(finding?.says ?? '', says);
    assert.equal(there.size, 0);
  }
});

test('the script itself: an open port and a refusal are answers, a name that is not there proves nothing', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const refused = closed.address();
  assert.ok(refused !== null && typeof refused === 'object');
  await new Promise((resolve) => closed.close(resolve));
  try {
    assert.deepEqual(await runScript(`127.0.0.1:${address.port}`), [1, `reached 127.0.0.1:${address.port}`]);
    assert.deepEqual(await runScript(`127.0.0.1:${refused.port}`), [1, `reached 127.0.0.1:${refused.port}`]);
    assert.deepEqual(await runScript('no..name:1'), [2, 'cannot look up no..name']);
  } finally {
    server.close();
  }
});

async function runScript(targets: string): Promise<readonly [number, string]> {
  const folder = await mkdtemp(join(tmpdir(), 'gomeet-test-'));
  const file = join(folder, 'says');
  try {
    const code = await new Promise<number>((resolve) => {
      const child = execFile(process.execPath, ['-e', probeScript], {
        env: { TARGETS: targets, SAYS_TO: file },
      });
      child.once('exit', (exit) => resolve(exit ?? -1));
    });
    return [code, await readFile(file, 'utf8')];
  } finally {
    await rm(folder, { recursive: true });
  }
}
