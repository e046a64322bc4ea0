import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Consent, refusals, type Standing } from '../../deploy/guard.ts';
import type { Run } from '../../deploy/record/run.ts';

const standing: Standing = {
  environment: 'production',
  clusterName: 'gomeet-cluster',
  others: ['staging', 'gomeet-staging'],
  where: {
    context: 'do-nyc1-gomeet-cluster',
    cluster: 'do-nyc1-gomeet-cluster',
    server: 'https://c.k8s.ondigitalocean.com',
  },
  namespace: undefined,
  foreign: [],
  digest: 'd2',
  last: undefined,
};
const none: Consent = { context: undefined, adopt: false, supersede: false };
const run: Run = {
  id: '1',
  environment: 'production',
  digest: 'd1',
  state: 'failed',
  startedAt: '',
  endedAt: undefined,
  over: ['secrets'],
  touched: [],
  inventory: [],
  snapshot: { takenAt: '', objects: [] },
};
const says = (change: Partial<Standing>, consent: Partial<Consent> = {}) =>
  refusals({ ...standing, ...change }, { ...none, ...consent })
    .map((one) => `${one.says} | ${one.todo}`)
    .join('\n');
const at = (context: string) => ({ where: { ...standing.where, context, cluster: context } });
const labelled = (environment: string) => ({
  namespace: {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'gomeet',
      labels: { 'gomeet.dev/environment': environment, 'gomeet.dev/deployed-by': 'gomeet-deploy' },
    },
  },
});

describe('the guards before a deployment', () => {
  it('let pass a cluster that bears the name of the environment, or says itself what it is', () => {
    assert.equal(says({}), '');
    assert.equal(says({ ...at('prod'), ...labelled('production') }), '');
  });

  it('refuse production asked with staging connected, whatever the context is called', () => {
    assert.match(says(at('do-nyc1-gomeet-staging')), /looks like (gomeet-)?staging/);
    assert.match(says({ ...at('do-nyc1-gomeet-cluster'), ...labelled('staging') }), /this cluster is staging/);
    assert.match(says(labelled('staging'), { context: standing.where.context }), /this cluster is staging/);
  });

  it('take a context that says nothing only when it is named, and never another than the one connected', () => {
    assert.match(
      says(at('minikube')),
      /nothing says that this cluster is production .* \| say --context minikube once/,
    );
    assert.equal(says(at('minikube'), { context: 'minikube' }), '');
    assert.match(says(at('minikube'), { context: 'do-nyc1-gomeet-cluster' }), /--context says do-nyc1-gomeet-cluster/);
  });

  it('do not take a name for part of a longer one', () => {
    assert.match(says(at('gomeet-cluster2')), /nothing says/);
  });

  it('refuse to build on half a run with other content, unless told to', () => {
    assert.match(says({ last: run }), /stopped after secrets.* \| go back with `gomeet rollback full`/);
    assert.equal(says({ last: run, digest: 'd1' }), '');
    assert.equal(says({ last: run }, { supersede: true }), '');
    assert.equal(says({ last: { ...run, state: 'done' } }), '');
  });

  it("refuse somebody else's platform, unless told to take it over", () => {
    assert.match(says({ foreign: ['auth-service'] }), /1 Deployments run here that this tool did not make/);
    assert.equal(says({ foreign: ['auth-service'] }, { adopt: true }), '');
    assert.equal(says({ foreign: ['somebody'], ...labelled('production') }), '');
  });
});
