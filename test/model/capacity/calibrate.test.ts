import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../lab/simulator/random.ts';
import { type CpuPoint, calibrateCpu } from '../../../model/capacity/calibrate.ts';

function points(count: number, cpu: (packets: number, noise: number) => number, most = 600_000): CpuPoint[] {
  const random = seededRandom(42);
  return Array.from({ length: count }, () => {
    const packetsPerSecond = 20_000 + random() * (most - 20_000);
    return { packetsPerSecond, cpuCores: cpu(packetsPerSecond, random() - 0.5) };
  });
}

test('the CPU of a packet comes out of points that were made with it, noise and idle cores notwithstanding', () => {
  const result = calibrateCpu(points(500, (packets, noise) => 0.4 + packets * 15e-6 + noise));
  assert.ok(result.kind === 'fitted');
  assert.ok(Math.abs(result.cpu.secondsPerPacket / 15e-6 - 1) < 0.03, `${result.cpu.secondsPerPacket}`);
  assert.ok(Math.abs(result.cpu.idleCores - 0.4) < 0.15);
  assert.ok(result.rSquared > 0.95);
  // Noise is uniform over one core: its deviation is 1/sqrt(12).
  assert.ok(Math.abs(result.residualCores - 0.289) < 0.03);
  assert.ok(result.worstResidualCores <= 0.6 && result.worstResidualCores >= result.residualCores);
  assert.ok(result.triedPacketsPerSecond <= 600_000);
});

test('points without noise lie on their line', () => {
  const result = calibrateCpu(points(60, (packets) => packets * 2e-5));
  assert.ok(result.kind === 'fitted' && result.rSquared > 0.999_999 && result.worstResidualCores < 1e-6);
});

test('too few points fit nothing', () => {
  const result = calibrateCpu(points(47, (packets) => packets * 2e-5));
  assert.ok(result.kind === 'not-enough-data' && result.reason === 'few-points' && result.points === 47);
});

test('load that hardly changes fits nothing', () => {
  const result = calibrateCpu(points(200, (packets) => packets * 2e-5, 35_000));
  assert.ok(result.kind === 'not-enough-data' && result.reason === 'narrow-range');
  const idle = calibrateCpu(Array.from({ length: 100 }, () => ({ packetsPerSecond: 0, cpuCores: 0.1 })));
  assert.ok(idle.kind === 'not-enough-data' && idle.reason === 'narrow-range');
});

test('CPU that has little to do with packets fits nothing', () => {
  const result = calibrateCpu(points(500, (packets, noise) => 16 + packets * 2e-6 + noise * 30));
  assert.ok(result.kind === 'not-enough-data' && (result.reason === 'poor-fit' || result.reason === 'falling'));
});

test('CPU that falls as packets rise fits nothing', () => {
  const result = calibrateCpu(points(200, (packets) => 20 - packets * 2e-5));
  assert.ok(result.kind === 'not-enough-data' && result.reason === 'falling');
});

test('points that are no numbers are left out, not fitted', () => {
  const broken = [
    { packetsPerSecond: Number.NaN, cpuCores: 1 },
    { packetsPerSecond: 1e9, cpuCores: Number.POSITIVE_INFINITY },
    { packetsPerSecond: -1, cpuCores: 1 },
  ];
  const good = points(60, (packets) => packets * 2e-5);
  assert.deepEqual(calibrateCpu([...broken, ...good]), calibrateCpu(good));
});
