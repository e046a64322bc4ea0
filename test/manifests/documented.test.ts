import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platformFiles, standbyFiles } from '../../cli/deploy/platform.ts';
import { mapped, seeds } from '../../cli/map/answers.ts';
import { documentedSecrets } from '../../manifests/files/secrets.ts';

const files = platformFiles('production');
const objects = files.flatMap((file) => file.objects);
const kinds: Readonly<Record<string, readonly string[]>> = {
  svc: ['Service'],
  secret: ['Secret'],
  deployment: ['Deployment'],
  hpa: ['HorizontalPodAutoscaler', 'ScaledObject'],
  networkpolicies: ['NetworkPolicy'],
  ingress: ['Ingress'],
  pods: ['Deployment'],
  quota: ['ResourceQuota'],
  configmap: ['ConfigMap'],
  sc: ['StorageClass'],
};

/** Commands of the deployment README and of the runbook that name an object, and what of ours they find: [command, kind, name]; no name is any. */
const commands: readonly (readonly [string, keyof typeof kinds, string?])[] = [
  ['kubectl edit secret gomeet-secrets -n gomeet', 'secret', 'gomeet-secrets'],
  ['kubectl edit secret digitalocean-credentials -n gomeet', 'secret', 'digitalocean-credentials'],
  ['kubectl get svc traefik -n gomeet', 'svc', 'traefik'],
  ['kubectl describe svc traefik -n gomeet', 'svc', 'traefik'],
  ['kubectl logs -f deployment/pgbouncer-do -n gomeet', 'deployment', 'pgbouncer-do'],
  ['kubectl exec -it deployment/pgbouncer-do -n gomeet -- psql', 'deployment', 'pgbouncer-do'],
  ['kubectl get svc -n gomeet', 'svc'],
  ['kubectl describe svc auth-service -n gomeet', 'svc', 'auth-service'],
  ['kubectl get pods -n gomeet -o wide', 'pods'],
  ['kubectl get hpa -n gomeet', 'hpa'],
  ['kubectl get networkpolicies -n gomeet', 'networkpolicies'],
  ['kubectl get ingress -n gomeet', 'ingress'],
  ['kubectl logs -f deployment/auth-service -n gomeet', 'deployment', 'auth-service'],
  ['kubectl rollout undo deployment/auth-service -n gomeet', 'deployment', 'auth-service'],
  ['kubectl describe ingress gomeet-ingress -n gomeet', 'ingress', 'gomeet-ingress'],
  ['kubectl edit configmap auth-config -n gomeet', 'configmap', 'auth-config'],
  ['kubectl describe quota -n gomeet', 'quota'],
  ['kubectl port-forward svc/auth-service 8080:8080 -n gomeet', 'svc', 'auth-service'],
  ['kubectl rollout restart deployment/meeting-service -n gomeet', 'deployment', 'meeting-service'],
  ['kubectl rollout restart deployment/signaling-service -n gomeet', 'deployment', 'signaling-service'],
  ['scale-services.sh manual livekit-sfu 50', 'deployment', 'livekit-sfu'],
  ['rolling-update.sh rollback meeting-service', 'deployment', 'meeting-service'],
  ['ConfigMap livekit-config', 'configmap', 'livekit-config'],
  ['ConfigMap prometheus-config', 'configmap', 'prometheus-config'],
  ['kubectl get storageclass', 'sc', 'do-block-storage-optimized'],
];

for (const [command, kind, name] of commands)
  test(`the documented command finds its object: ${command}`, () => {
    const found = objects.filter(
      (object) => kinds[kind]?.includes(object.kind) && (name === undefined || object.metadata.name === name),
    );
    assert.ok(found.length > 0, `${kind} ${name ?? ''}`);
  });

/** What a documented command names: `deployment/auth-service`, `secret gomeet-secrets`, `-l app=traefik`. */
const named =
  /\b(deployment|svc|secret(?: generic)?|hpa|ingress|configmap|networkpolicy)[/ ]([a-z][a-z0-9-]+)(?!\S*\.yaml)|-l (app)=([a-z-]+)/g;
const ofKind: Readonly<Record<string, readonly string[]>> = {
  ...kinds,
  app: ['Deployment', 'StatefulSet'],
  networkpolicy: ['NetworkPolicy'],
};

test('every object that any kubectl command of the two documents names exists, is mapped to what took its place, or the command is refused with a reason', () => {
  const all = Object.keys(seeds)
    .flatMap(mapped)
    .filter(({ kind, text }) => kind === 'c' && /\bkubectl\b/.test(text));
  const names = all.flatMap(({ text, answer }) =>
    [...text.matchAll(named)].map(([, kind, name, app, label]) => ({
      text,
      refused: answer?.refused,
      kind: (kind ?? app ?? '').replace(' generic', ''),
      name: name ?? label ?? '',
    })),
  );
  assert.ok(names.length >= 40, `${names.length}`);
  const standby = standbyFiles().flatMap((file) => file.objects);
  const scalers = objects.filter(({ kind }) => kind === 'ScaledObject').map(({ spec }) => JSON.stringify(spec));
  const missing = names.filter(
    ({ kind, name, refused }) =>
      ![...objects, ...standby].some((one) => ofKind[kind]?.includes(one.kind) && one.metadata.name === name) &&
      !(kind === 'hpa' && scalers.some((spec) => spec.includes(`"name":"${name}"`))) &&
      documentedSecrets[name] === undefined &&
      refused === undefined,
  );
  assert.deepEqual(missing, []);
});

test('the HPA of the runbook is there by its name, though KEDA makes it', () => {
  const names = objects.flatMap((object) => {
    if (object.kind === 'HorizontalPodAutoscaler') return [object.metadata.name];
    return object.kind === 'ScaledObject'
      ? [/"name":"([a-z-]+-hpa)"/.exec(JSON.stringify(object['spec']))?.[1] ?? '']
      : [];
  });
  assert.ok(names.includes('auth-service-hpa'));
  assert.equal(new Set(names).size, names.length);
});

test('secrets that the runbook names and that are no more are mapped; the lockdown is ready and not applied', () => {
  for (const name of ['postgres-secret', 'redis-secret', 'app-secrets']) assert.ok(documentedSecrets[name], name);
  assert.ok(!objects.some(({ metadata }) => metadata.name === 'emergency-lockdown'));
  assert.equal(standbyFiles()[0]?.objects.at(-1)?.metadata.name, 'emergency-lockdown');
});

test('every file of the README is there, in its order', () => {
  const readme = [
    'namespace',
    'configmaps',
    'postgres-config',
    'redis-config',
    'api-services',
    'livekit-sfu',
    'traefik-gateway',
    'ingress',
    'monitoring',
    'hpa',
    'network-policies',
  ].map((name) => `${name}.yaml`);
  assert.deepEqual(
    files.map(({ path }) => path).filter((path) => readme.includes(path)),
    readme,
  );
  assert.ok(files.some(({ path }) => path === 'secrets.yaml'));
});

test('what is applied is found by kind, namespace and name once', () => {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});
