import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usd } from '../../../kernel/money.ts';
import { memoryObjects } from '../../../lab/fakes/memory-objects.ts';
import { autoscalePool } from '../../../responders/act/autoscale-pool.ts';
import { createAutoscaler } from '../../../responders/act/create-autoscaler.ts';
import { decide } from '../../../responders/decide/decide.ts';
import { declaredPlatform } from '../../../responders/declared.ts';
import { actRig, autoscalerOf, poolOf } from '../../support/act-ports.ts';
import { planOf, playProcedure } from '../../support/play-procedure.ts';
import { clusterOf, deploymentOf, nowMs, pastRun, situationOf } from '../../support/situation.ts';

const declared = declaredPlatform();
const reading = <T>(value: T) => ({ value, observedAtMs: nowMs });
const cluster = (more: Parameters<typeof deploymentOf>[2] = {}) =>
  clusterOf(4, { deployments: [deploymentOf('auth-service', 8, more)] });

describe('Making a declared autoscaler', () => {
  const play = (sees: boolean, more: { killAt?: number } = {}) => {
    const objects = memoryObjects();
    const rig = actRig({
      objects,
      cluster: cluster(sees ? { autoscaler: autoscalerOf(8, { desiredReplicas: 9 }) } : {}),
    });
    const options = {
      world: { cluster: reading(cluster()) },
      declared,
      late: (saw: string) => saw.includes('cannot say'),
    };
    return {
      objects,
      played: playProcedure(createAutoscaler, { workload: 'auth-service' }, rig.ports, { ...options, ...more }),
    };
  };

  it('applies what the catalogue declares, once, whenever it is killed, and says what it wants', async () => {
    for (const killAt of [0, 1, undefined]) {
      const { objects, played } = play(true, killAt === undefined ? {} : { killAt });
      assert.equal((await played).verdict, 'verified');
      assert.match((await played).saw, /wants 9, between 8 and 10/);
      assert.equal(objects.writes.filter((write) => write.startsWith('apply')).length, 1, objects.writes.join());
    }
  });

  it('takes it away again when it never sees what it scales by', async () => {
    const { objects, played } = play(false);
    assert.equal((await played).verdict, 'not-improved');
    assert.deepEqual(objects.all(), []);
  });

  it('leaves alone what scales already, and what nobody declares an autoscaler for', () => {
    const there = { cluster: reading(cluster({ autoscaler: autoscalerOf(8) })) };
    const plan = planOf(createAutoscaler, { workload: 'auth-service' }, there, declared);
    assert.ok('blocked' in plan && plan.blocked === 'nothing-to-do', JSON.stringify(plan));
    const bare = { cluster: reading(clusterOf(4, { deployments: [deploymentOf('grafana', 1)] })) };
    const none = planOf(createAutoscaler, { workload: 'grafana' }, bare, declared);
    assert.ok('blocked' in none && /declares no autoscaler/.test(none.saw), JSON.stringify(none));
  });
});

describe('Letting a pool autoscale', () => {
  const plan = (pool: Parameters<typeof poolOf>[0], name = 'sfu', droplets = 10) =>
    planOf(
      autoscalePool,
      { pool: name },
      {
        cloud: reading({ pools: [poolOf(pool)], dropletLimit: 150, droplets, monthToDate: actRig().cloud.monthToDate }),
      },
      declared,
    );

  it('sets the declared numbers, never a minimum above what runs, with the price of the most it may cost', async () => {
    const wanted = plan({ autoScale: false, count: 4, minNodes: 0, maxNodes: 0 });
    assert.ok('change' in wanted, JSON.stringify(wanted));
    assert.deepEqual(wanted.change, { pool: 'sfu', minNodes: 4, maxNodes: 102 });
    assert.match(wanted.says, /at most \$.+\/h more/);
    const rig = actRig({ cloud: { ...actRig().cloud, pools: [poolOf({ autoScale: false })] } });
    const run = pastRun({ change: wanted.change });
    assert.equal(await autoscalePool.applied(run, rig.ports), false);
    await autoscalePool.run(run, situationOf('restartWorkload').scene.occasion, rig.ports);
    assert.equal(await autoscalePool.applied(run, rig.ports), true);
    assert.deepEqual(rig.effects, ['autoscalePool sfu 4 102']);
  });

  it('is refused where it stands so already, where nobody declares the pool, and above the droplets of the account', () => {
    const there = plan({ minNodes: 25, maxNodes: 102 });
    assert.ok('blocked' in there && there.blocked === 'nothing-to-do');
    const unknown = plan({}, 'gpu');
    assert.ok('blocked' in unknown && unknown.blocked === 'no-target');
    const full = plan({ autoScale: false }, 'sfu', 149);
    assert.ok('growth' in full && full.growth !== undefined && full.growth.after > full.growth.ceiling);
  });

  it('is held against the budget with all the nodes that its maximum allows, not with those of now', () => {
    const judged = (budget: number) => {
      const pool = poolOf({ autoScale: false, count: 4 });
      const cloud = reading({ pools: [pool], dropletLimit: 50, droplets: 10, monthToDate: usd(1_000) });
      const some = situationOf('raiseNodePool', {
        action: autoscalePool,
        params: { pool: 'sfu' },
        budget: usd(budget),
      });
      return decide({ ...some, world: { ...some.world, cloud } });
    };
    // 372 hours are left of the month: of the 20 nodes of $1 that may come, on top of what was spent.
    const most = 1_000 + 372 * 20;
    const [enough, lacking] = [judged(most), judged(most - 1)];
    assert.ok(enough.outcome !== 'refuse', JSON.stringify(enough));
    assert.ok(lacking.outcome === 'refuse' && lacking.reason === 'budget', JSON.stringify(lacking));
  });
});
