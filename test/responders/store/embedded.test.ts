import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const module = (path: string) => new URL(`../../../${path}`, import.meta.url).href;
let folder: string;

/** Runs `script` in a process of its own, after it has started a store in `folder`; `signal` is sent when it says `ready`. */
async function play(script: string, signal?: NodeJS.Signals) {
  const program = `
    import { readFileSync } from 'node:fs';
    import { startEmbeddedStore } from '${module('responders/store/embedded.ts')}';
    const folder = ${JSON.stringify(join(folder, 'data'))};
    const store = await startEmbeddedStore(folder);
    console.log(readFileSync(folder + '/postmaster.pid', 'utf8').split('\\n')[0]);
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      told += chunk;
      if (signal !== undefined && told.includes('ready') && !child.killed) child.kill(signal);
    });
  const [code, by] = await once(child, 'close');
  const postgres = Number(told.split('\n')[0]);
  assert.ok(postgres > 1, told);
  return { code, by, told, ended: await endedWithin(postgres, 3_000) };
}

async function endedWithin(pid: number, ms: number): Promise<boolean> {
  for (const until = Date.now() + ms; Date.now() < until; await delay(20)) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
  }
  return false;
}

describe('the embedded store', () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gomeet-embedded-'));
    // PostgreSQL runs as another user when we are root, and walks through it.
    chmodSync(folder, 0o755);
    return () => rmSync(folder, { recursive: true, force: true });
  });

  it('leaves the exit code to the program, and has nothing more to say once it was stopped', async () => {
    const { code, told, ended } = await play('await store.stop(); process.exitCode = 3;');

    assert.deepEqual({ code, ended, lines: told.trim().split('\n').length }, { code: 3, ended: true, lines: 1 }, told);
  });

  it('does not outlive a program that exits without stopping it', async () => {
    const { code, ended } = await play('process.exit(4);');

    assert.deepEqual({ code, ended }, { code: 4, ended: true });
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`does not outlive a program that dies of ${signal}, which still dies of it`, async () => {
      const { by, ended } = await play("console.log('ready'); setInterval(() => {}, 1_000);", signal);

      assert.deepEqual({ by, ended }, { by: signal, ended: true });
    });

    it(`stays up while a program that listens to ${signal} itself finishes its work`, async () => {
      const script = `
        const timer = setInterval(() => {}, 1_000);
        process.once('${signal}', async () => {
          await new Promise((resolve) => setTimeout(resolve, 300));
          await store.createDatabase('late_${signal}');
          console.log('still there');
          await store.stop();
          clearInterval(timer);
          process.exitCode = 5;
        });
        console.log('ready');`;

      const { code, told, ended } = await play(script, signal);

      assert.match(told, /still there/);
      assert.deepEqual({ code, ended }, { code: 5, ended: true });
    });
  }
});
