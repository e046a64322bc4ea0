import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PortError } from '../../../kernel/errors.ts';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import type { StepContext, StepRow } from '../../../responders/act/procedure.ts';
import { rollOut } from '../../../responders/act/roll-out.ts';
import type { Registry } from '../../../responders/ports.ts';
import { rolloutSteps } from '../../../responders/rollout/plans.ts';
import { checkDrain, resolve, setImage } from '../../../responders/rollout/steps.ts';
import { actRig } from '../../support/act-ports.ts';
import { pastRun, situationOf } from '../../support/situation.ts';

const sha = `sha256:${'c'.repeat(64)}`;
const { scene, world } = situationOf('restartWorkload');

function deployment(image: string, graceSeconds = 30) {
  const spec = {
    containers: [
      { name: 'auth-service', image, env: [{ name: 'A', value: 'b' }] },
      { name: 'sidecar', image: 'side:1' },
    ],
    terminationGracePeriodSeconds: graceSeconds,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'auth-service' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'auth-service' } },
      template: { metadata: { labels: { app: 'auth-service' } }, spec },
    },
  };
}

function context(
  image: string,
  more: { memo?: unknown; digest?: Registry['digest']; earlier?: StepRow[]; graceSeconds?: number } = {},
) {
  const objects = memoryObjects([deployment(image, more.graceSeconds)]);
  const ports = { ...actRig({ objects }).ports, registry: { digest: more.digest ?? (async () => sha) } };
  const at: StepContext = {
    occasion: scene.occasion,
    ports,
    declared: scene.declared,
    nowMs: 1,
    late: false,
    run: pastRun(),
    id: 'r/0',
    begunAtMs: 0,
    memo: more.memo,
    earlier: more.earlier ?? [],
  };
  return { at, objects };
}

const resolved = (image: string): StepRow[] => [
  { kind: 'resolve', title: '', input: {}, withinMs: 0, state: 'done', result: { data: { image } } },
];

describe('resolving an image', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['reg.example/gomeet/auth-service:v1', 'v2', `reg.example/gomeet/auth-service:v2@${sha}`],
    [`reg.example/gomeet/auth-service:v1@${sha}`, 'v2', `reg.example/gomeet/auth-service:v2@${sha}`],
    ['reg.example:5000/auth-service', 'v2', `reg.example:5000/auth-service:v2@${sha}`],
    ['auth:v1', 'latest', `auth:latest@${sha}`],
    ['auth:v1', 'other/auth:v9', `other/auth:v9@${sha}`],
  ];
  for (const [current, wanted, becomes] of cases)
    it(`${wanted} over ${current} is ${becomes.slice(0, 50)}…`, async () => {
      const answer = await resolve.run({ workload: 'auth-service', image: wanted }, context(current).at);
      assert.ok('done' in answer && answer.done === becomes, JSON.stringify(answer));
    });

  it('refuses a tag that is not there, and a moving tag that nobody can resolve; takes a fixed one as it is', async () => {
    const failing = (code: 'not-found' | 'unauthorized') => async () =>
      Promise.reject(new PortError('registry', code, 'no'));
    const ask = (image: string, code: 'not-found' | 'unauthorized') =>
      resolve.run({ workload: 'auth-service', image }, context('a/auth:v1', { digest: failing(code) }).at);
    assert.ok('failed' in (await ask('v9', 'not-found')));
    assert.ok('failed' in (await ask('latest', 'unauthorized')));
    assert.ok('done' in (await ask('v2', 'unauthorized')));
  });
});

describe('giving a Deployment another image', () => {
  it('stores what runs before it changes anything, changes only the one image, and goes back to it', async () => {
    const first = context('a:v1', { earlier: resolved('a:v2') });
    const noted = await setImage.run({ workload: 'auth-service' }, first.at);
    assert.ok('wait' in noted);
    assert.deepEqual(first.objects.writes, []);

    const second = context('a:v1', { earlier: resolved('a:v2'), memo: noted.memo });
    assert.ok('done' in (await setImage.run({ workload: 'auth-service', surge: '50%', unavailable: '1' }, second.at)));
    const changed = JSON.stringify(second.objects.all()[0]);
    assert.match(changed, /"a:v2","env":\[\{"name":"A","value":"b"\}\]/);
    assert.match(changed, /side:1/);
    assert.match(changed, /"maxSurge":"50%","maxUnavailable":1/);
    assert.ok('done' in (await setImage.run({ workload: 'auth-service' }, second.at)), 'a second try changes nothing');
    assert.equal(second.objects.writes.length, 1);

    await setImage.undo?.({ workload: 'auth-service' }, second.at);
    assert.match(JSON.stringify(second.objects.all()[0]), /"a:v1"/);
  });

  it('has nothing to take back when it had not begun', async () => {
    const { at, objects } = context('a:v1');
    await setImage.undo?.({ workload: 'auth-service' }, at);
    assert.deepEqual(objects.writes, []);
  });
});

describe('an SFU', () => {
  it('is not replaced where its pods would not wait for their meetings', async () => {
    assert.ok('failed' in (await checkDrain.run({ workload: 'auth-service' }, context('a', { graceSeconds: 30 }).at)));
    assert.ok(
      'done' in (await checkDrain.run({ workload: 'auth-service' }, context('a', { graceSeconds: 18_000 }).at)),
    );
  });

  it('is never switched at once, and a rolling update of it takes none away before a new one serves', () => {
    const plan = rollOut.preflight({ workload: 'livekit-sfu', image: 'v2', strategy: 'blue-green' }, world, scene);
    assert.ok('blocked' in plan && plan.blocked === 'meeting-in-progress');
    const steps = rolloutSteps({
      workload: 'livekit-sfu',
      image: 'v2',
      strategy: 'rolling',
      isSfu: true,
      unavailable: '50%',
      canaryPercent: 10,
      soakMs: 1,
    });
    assert.equal(steps[0]?.kind, 'checkDrain');
    assert.deepEqual(steps.find(({ kind }) => kind === 'setImage')?.input, {
      workload: 'livekit-sfu',
      surge: '1',
      unavailable: '0',
    });
  });

  it('is judged on joins and media, and its canary is taken away by drain', () => {
    const kinds = rolloutSteps({
      workload: 'livekit-sfu',
      image: 'v2',
      strategy: 'canary',
      isSfu: true,
      canaryPercent: 10,
      soakMs: 1,
    }).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['checkDrain', 'resolve', 'copy', 'soak', 'setImage', 'settled', 'removeCopy']);
  });
});

describe('bad input', () => {
  for (const [what, params] of [
    ['a service that is not in the catalogue', { workload: 'auth', image: 'v2', strategy: 'rolling' }],
    ['one that does not run', { workload: 'livekit-sfu', image: 'v2', strategy: 'rolling' }],
  ] as const)
    it(`${what} is refused`, () => {
      const nothing = { cluster: { value: { deployments: [], pods: [], readyNodes: [] }, observedAtMs: 0 } };
      assert.ok('blocked' in rollOut.preflight(params, nothing, scene));
    });
  for (const params of [
    { workload: 'auth-service', image: 'v2; rm -rf', strategy: 'rolling' },
    { workload: 'auth-service', image: 'v2', strategy: 'canary', canaryPercent: 90 },
    { workload: 'auth-service', image: 'v2', strategy: 'canary', soak: 'long' },
    { workload: 'auth-service', image: 'v2', strategy: 'rolling', surge: '-1' },
  ])
    it(`${JSON.stringify(params)} does not parse`, () => {
      assert.throws(() => rollOut.preflight(params, world, scene));
    });
});
