import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { platformFiles } from '../../../cli/deploy/platform.ts';
import { fieldOf, type KubeObject } from '../../../deploy/kube/object.ts';
import { workloadNamed } from '../../../manifests/catalogue/index.ts';
import { edgesOf } from '../../../manifests/edges.ts';
import { environments } from '../../../manifests/environments/index.ts';
import { declareInfrastructure } from '../../../manifests/infrastructure/declare.ts';

const objects: readonly KubeObject[] =
  platformFiles('production').find(({ path }) => path === 'logging.yaml')?.objects ?? [];
const agent = objects.find(({ kind }) => kind === 'DaemonSet');
const pod = fieldOf(agent, 'spec', 'template', 'spec');
const container = fieldOf(pod, 'containers', '0');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const Pipeline = z.object({
  service: z.looseObject({ http_port: z.number(), 'storage.path': z.string() }),
  pipeline: z.object({
    inputs: z.tuple([z.looseObject({ path: z.string(), 'storage.type': z.literal('filesystem') })]),
    filters: z.array(z.looseObject({ name: z.string(), remove_regex: z.string().optional() })),
    outputs: z.tuple([
      z.looseObject({
        name: z.literal('opensearch'),
        host: z.string(),
        port: z.number(),
        tls: z.literal('on'),
        http_user: z.string(),
        http_passwd: z.string(),
        'storage.total_limit_size': z.string(),
      }),
    ]),
  }),
});
const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'fluent-bit-config');
const { service, pipeline } = Pipeline.parse(parse(String(fieldOf(map, 'data', 'fluent-bit.yaml'))));
const [output] = pipeline.outputs;
const mountOf = (path: string) =>
  listOf(fieldOf(container, 'volumeMounts')).find((mount) => path.startsWith(String(fieldOf(mount, 'mountPath'))));

test('a maintained agent runs on every node, also on those that are kept for the SFU, and reads the file that is mounted', () => {
  assert.match(String(fieldOf(container, 'image')), /^fluent\/fluent-bit:4\.\d+\.\d+$/);
  assert.deepEqual(fieldOf(pod, 'tolerations'), [{ operator: 'Exists' }]);
  assert.equal(fieldOf(pod, 'nodeSelector'), undefined);
  const [argument] = listOf(fieldOf(container, 'args'));
  const file = String(argument).replace('--config=', '');
  assert.equal(fieldOf(mountOf(file), 'name'), 'fluent-bit-config');
  assert.ok(file.endsWith('/fluent-bit.yaml'));
  assert.equal(service.http_port, workloadNamed('fluent-bit')?.probe?.port);
});

test("it reads the logs of the platform's pods alone, and may not write them", () => {
  const [{ path }] = pipeline.inputs;
  assert.match(path, /\*_gomeet_\*\.log$/);
  assert.equal(fieldOf(mountOf(path), 'readOnly'), true);
});

test('it ships to the store that the catalogue names, over TLS, on a port that a policy opens, with what its secret holds', () => {
  const edge = edgesOf(environments.production).find(
    ({ from, to }) => from.name === 'fluent-bit' && to.name === 'opensearch',
  );
  assert.equal(output.port, edge?.port.port);
  const given = listOf(fieldOf(container, 'env')).map((one) => fieldOf(one, 'name'));
  for (const text of [output.host, output.http_user, output.http_passwd]) {
    const [, variable] = /^\$\{(\w+)\}$/.exec(text) ?? [];
    assert.ok(given.includes(variable), text);
  }
});

test('what cannot be sent waits on the node within what its volume holds', () => {
  const mount = mountOf(service['storage.path']);
  const volume = listOf(fieldOf(pod, 'volumes')).find((one) => fieldOf(one, 'name') === fieldOf(mount, 'name'));
  assert.equal(fieldOf(volume, 'emptyDir', 'sizeLimit'), '1Gi');
  assert.ok(parseInt(output['storage.total_limit_size'], 10) < 1_024);
  assert.match(output['storage.total_limit_size'], /M$/);
});

test('tokens and cookies are taken out before they leave', () => {
  const removed = pipeline.filters.flatMap(({ remove_regex: pattern }) => (pattern === undefined ? [] : [pattern]));
  for (const field of ['authorization', 'cookie', 'access_token', 'turnPassword'])
    assert.ok(
      removed.some((pattern) => pattern.includes(field)),
      field,
    );
});

test('the store is sized and is not ours to make: `gomeet infra` leaves it out and says so', async () => {
  const store = workloadNamed('opensearch');
  assert.deepEqual([store?.kind, store?.requests], ['managed', { cpuCores: 2, memoryGib: 8 }]);
  assert.doesNotMatch(JSON.stringify(declareInfrastructure(environments.production)), /opensearch/);
  const { Command } = await import('commander');
  const { registerInfra } = await import('../../../cli/deploy/infra.ts');
  const program = new Command();
  registerInfra(program);
  const plan = program.commands[0]?.commands.find((one) => one.name() === 'plan');
  let help = '';
  plan?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  assert.match(help, /Not made: the managed OpenSearch .* \(2 cores, 8 GiB\)/);
});
