import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { connectApi, createAll } from '../../../../lab/cluster/api.ts';
import { type ControlPlane, startControlPlane } from '../../../../lab/cluster/control-plane.ts';
import { c32, nodeObject } from '../../../../lab/cluster/nodes.ts';
import { namespaceObject } from '../../../../lab/cluster/objects.ts';
import { followLog, forwardPort, openShell } from '../../../../responders/adapters/kubernetes/debug.ts';
import { eventually } from '../../../lab/cluster/eventually.ts';
import { skipWithout } from '../../../support/skip-without.ts';

const namespace = 'gomeet';
const pod = 'chat-service-0';

describe('looking into a pod through the API server, with KWOK as the kubelet', {
  skip: skipWithout('etcd', 'kube-apiserver', 'kwok'),
}, () => {
  let plane: ControlPlane;
  let behind: Server;
  let folder: string;
  let logFile: string;
  const where = () => ({ kubeconfig: plane.kubeconfig, namespace });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gomeet-debug-'));
    logFile = join(folder, 'chat.log');
    await writeFile(logFile, `${new Date().toISOString()} stdout F first line\n`);
    behind = createServer((request, response) => response.end(`you asked for ${request.url}`));
    await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
    const forwardTo = (behind.address() as AddressInfo).port;
    plane = await startControlPlane({ kwok: true, namespace, insides: { exec: true, forwardTo, logFile } });
    const api = connectApi(plane.kubeconfig);
    const containers = [{ name: 'chat-service', image: 'chat' }];
    await createAll(api, [
      namespaceObject(namespace),
      nodeObject('n1', { name: 'api', size: c32 }),
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: pod, namespace },
        spec: { nodeName: 'n1', containers },
      } as never,
    ]);
    await eventually('a pod that runs', async () => {
      const { status } = await api.core.readNamespacedPod({ name: pod, namespace });
      return status?.phase === 'Running' ? true : undefined;
    });
  });

  after(async () => {
    behind?.closeAllConnections();
    behind?.close();
    await plane?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('the bytes of a forwarded port arrive both ways, on several connections, and none after it is closed', async () => {
    const failures: string[] = [];
    const open = await forwardPort(where(), { pod, port: 8080 }, (reason) => failures.push(reason));
    const answers = await Promise.all(
      ['/a', '/b'].map(async (path) => await (await fetch(`http://127.0.0.1:${open.port}${path}`)).text()),
    );
    assert.deepEqual(answers, ['you asked for /a', 'you asked for /b'], failures.join());
    await open.close();
    await assert.rejects(fetch(`http://127.0.0.1:${open.port}/c`));
  });

  it('a pod that is not there is told, and nothing hangs', async () => {
    const failures: string[] = [];
    const open = await forwardPort(where(), { pod: 'nobody', port: 8080 }, (reason) => failures.push(reason));
    await assert.rejects(fetch(`http://127.0.0.1:${open.port}/`));
    await open.close();
    assert.equal(failures.length, 1);
  });

  it('a shell takes what is typed, answers, and ends when it is left', async () => {
    const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
    let said = '';
    output.on('data', (chunk) => {
      said += String(chunk);
    });
    const over = openShell(
      where(),
      { pod, container: 'chat-service', tty: false },
      { input, output, errors },
      new AbortController().signal,
    );
    input.write('echo from $((40 + 2))\n');
    await eventually('an answer', async () => (said.includes('from 42') ? true : undefined));
    input.write('exit\n');
    await over;
  });

  it('a container that cannot give a shell says why', async () => {
    const errors = new PassThrough();
    let said = '';
    errors.on('data', (chunk) => {
      said += String(chunk);
    });
    const streams = { input: new PassThrough(), output: new PassThrough(), errors };
    await openShell(where(), { pod, container: 'nobody', tty: false }, streams, new AbortController().signal).catch(
      (error: unknown) => {
        said += String(error);
      },
    );
    assert.notEqual(said, '');
  });

  it('a shell whose time is over is closed', async () => {
    const stop = new AbortController();
    const streams = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
    const over = openShell(where(), { pod, container: 'chat-service', tty: false }, streams, stop.signal);
    streams.input.write('echo here\n');
    await eventually('it to be open', async () => (streams.output.readableLength > 0 ? true : undefined));
    stop.abort();
    await over;
  });

  it('a log that is followed gives what is written later, until it is stopped', async () => {
    const stop = new AbortController();
    const out = new PassThrough();
    let said = '';
    out.on('data', (chunk) => {
      said += String(chunk);
    });
    await followLog(where(), { pod, container: 'chat-service', sinceSeconds: 600 }, out, stop.signal);
    await eventually('the first line', async () => (said.includes('first line') ? true : undefined));
    await appendFile(logFile, `${new Date().toISOString()} stdout F a later one\n`);
    await eventually('the later one', async () => (said.includes('a later one') ? true : undefined));
    stop.abort();
  });
});
