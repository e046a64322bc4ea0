import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldOf } from '../../../deploy/kube/object.ts';
import { livekitAndConsistency } from './livekit-and-consistency.ts';
import { listOf, ofKind, ours, pods, workloads } from './rendered.ts';
import { securityAndStart } from './security-and-start.ts';

const defects = [...securityAndStart, ...livekitAndConsistency];

/** Where the other defects of the list are caught. */
const elsewhere: Readonly<Record<number, string>> = {
  28: 'test/cli/map: every command of the runbook is mapped to one that exists',
  31: 'test/responders/health: reports are parsed by their own schema, and a failed look is unknown',
};

describe('the defects of the original set', () => {
  for (const [number, was, check] of defects) it(`${number}: ${was}`, async () => void (await check()));

  it('has each of the thirty-one, here or elsewhere', () => {
    const numbers = [...defects.map(([number]) => number), ...Object.keys(elsewhere).map(Number)].sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 31 }, (_none, index) => index + 1),
    );
  });
});

/** What the survey's sections on workloads and on routes found besides. */
describe('the defects that the survey lists by the way', () => {
  it('routes go to the port that the service has: the frontend was asked on 3000', () => {
    const services = new Map(
      ofKind('Service').map((one) => [
        one.metadata.name,
        listOf(fieldOf(one, 'spec', 'ports')).map((port) => fieldOf(port, 'port')),
      ]),
    );
    for (const ingress of ofKind('Ingress'))
      for (const [, name = '', port] of JSON.stringify(ingress).matchAll(
        /"service":\{"name":"([^"]+)","port":\{"number":(\d+)\}\}/g,
      ))
        assert.ok(services.get(name)?.includes(Number(port)), `${ingress.metadata.name}: ${name}:${port}`);
  });

  it('every secret that a pod, a route or a certificate names is in the template or made by a controller', () => {
    const made = new Set([
      ...ofKind('Secret').map(({ metadata }) => metadata.name),
      ...ofKind('Certificate').map((one) => String(fieldOf(one, 'spec', 'secretName'))),
      'letsencrypt-account',
    ]);
    const wanted = [
      ...JSON.stringify(ours).matchAll(
        /"(?:secretName|secret)":"([^"]+)"|"secretKeyRef":\{"(?:key":"[^"]+","name|name)":"([^"]+)"/g,
      ),
    ].map(([, a, b]) => a ?? b ?? '');
    assert.ok(wanted.length > 20);
    assert.deepEqual(
      [...new Set(wanted)].filter((name) => !made.has(name)),
      [],
    );
  });

  it('every ConfigMap that is mounted exists, and every one that exists is used', () => {
    const there = ofKind('ConfigMap').map(({ metadata }) => metadata.name);
    const used = new Set(
      [
        ...JSON.stringify(pods).matchAll(/"configMap(?:Ref)?":\{"name":"([^"]+)"/g),
        ...JSON.stringify(ofKind('CronJob')).matchAll(/"configMap":\{"name":"([^"]+)"/g),
      ].map(([, name]) => name ?? ''),
    );
    assert.deepEqual(
      [...used].filter((name) => !there.includes(name)),
      [],
    );
  });

  it('what scrapes finds its targets: no port of the survey stood on pods without annotations', () => {
    for (const workload of workloads)
      for (const client of workload.clients.filter(({ from }) => from === 'prometheus'))
        assert.ok(
          workload.ports.some(({ name }) => name === client.port),
          `${workload.name} ${client.port}`,
        );
  });
});
