import { fit } from '../../manifests/fit/fit.ts';
import { hosts } from '../../manifests/settings.ts';
import { fieldOf, groupOf, isTrue, type KubeObject } from '../kube/object.ts';
import { missingKeys, neededKeys } from '../kube/secrets.ts';
import { type Check, failed, ok, unknown } from './define.ts';
import type { CheckPorts } from './ports.ts';

/** The README's list of what has to be there first, and two that it lacked: add-ons, and whether it all fits. */
export function preDeployment(ports: CheckPorts): readonly Check[] {
  const { kube, namespace, environment, infrastructure, declared, cloud } = ports;
  const noToken = () => unknown('DIGITALOCEAN_TOKEN is not set', 'set it, so that the account can be looked at');
  const apply = `gomeet infra apply --environment ${environment.name}`;
  return [
    {
      check: 'DigitalOcean API token configured',
      async look() {
        if (cloud === undefined) return noToken();
        const { dropletLimit, droplets } = await cloud();
        return ok(`${droplets} of ${dropletLimit} Droplets`);
      },
    },
    {
      check: 'DOK cluster ready',
      async look() {
        const nodes = await kube.list({ apiVersion: 'v1', kind: 'Node' });
        const ready = nodes.filter((node) => isTrue(node, 'Ready')).length;
        return ready === 0 ? failed('no node is ready', apply) : ok(`${ready} of ${nodes.length} nodes ready`);
      },
    },
    {
      check: 'Managed services provisioned',
      async look() {
        if (cloud === undefined) return noToken();
        const { databases } = await cloud();
        const missing = infrastructure.databases.filter(
          ({ name }) => !databases.some((one) => one.name === name && one.status === 'online'),
        );
        return missing.length === 0
          ? ok(`${infrastructure.databases.length} databases online`)
          : failed(`not online: ${missing.map(({ name }) => name).join(', ')}`, apply);
      },
    },
    {
      check: 'DNS records configured',
      async look() {
        const wanted = Object.values(hosts(environment.settings));
        const found = await Promise.all(wanted.map(async (host) => ({ host, addresses: await ports.resolve(host) })));
        const missing = found.filter(({ addresses }) => addresses.length === 0).map(({ host }) => host);
        // Before the first deployment there is no load balancer that they could point at.
        return missing.length === 0
          ? ok(`${wanted.length} hosts resolve`)
          : unknown(`do not resolve: ${missing.join(', ')}`, `${apply}, once the load balancer has its address`);
      },
    },
    {
      check: 'Secrets populated',
      async look() {
        const missing = await missingKeys(kube, neededKeys(declared, namespace));
        return missing.length === 0 ? ok('every key has a value') : failed(missing.join('; '), 'gomeet secrets setup');
      },
    },
    {
      check: 'Container registry access',
      async look() {
        const secret = await kube.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'registry-credentials' });
        const config = fieldOf(secret, 'data', '.dockerconfigjson');
        const text = typeof config === 'string' ? Buffer.from(config, 'base64').toString('utf8') : '';
        return text.includes('registry.digitalocean.com')
          ? ok('registry-credentials has an entry for registry.digitalocean.com')
          : failed('registry-credentials has no entry for registry.digitalocean.com', 'gomeet secrets setup');
      },
    },
    {
      check: 'Add-ons installed',
      async look() {
        const kinds = new Map(declared.map((object) => [`${groupOf(object.apiVersion)}/${object.kind}`, object]));
        const served = await Promise.all(
          [...kinds.values()].map(async (object) => ({ object, is: await kube.serves(object) })),
        );
        const brought = new Set(declared.flatMap(definedKind));
        const missing = served
          .filter(({ object, is }) => !is && !brought.has(`${groupOf(object.apiVersion)}/${object.kind}`))
          .map(({ object }) => `${object.kind} of ${object.apiVersion}`);
        return missing.length === 0
          ? ok(
              `every declared kind is served${served.every(({ is }) => is) ? '' : ', or its add-on comes with the deployment'}`,
            )
          : failed(`nobody serves ${missing.join(', ')}`, 'gomeet deploy --only infrastructure brings the add-ons');
      },
    },
    {
      check: 'Fits its nodes',
      async look() {
        const { fits } = fit(environment);
        return fits
          ? ok('gomeet fit finds room for everything')
          : failed('it does not fit', `gomeet fit --environment ${environment.name}`);
      },
    },
  ];
}

/** The kind that a definition among the objects brings. */
function definedKind(object: KubeObject): readonly string[] {
  if (object.kind !== 'CustomResourceDefinition') return [];
  return [`${String(fieldOf(object, 'spec', 'group'))}/${String(fieldOf(object, 'spec', 'names', 'kind'))}`];
}
