import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { demoTools } from '../../lab/tools.ts';
import { needTool } from '../support/need-tool.ts';

/** Programs that were started with something in this folder. */
function programsOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(folder) ? [command] : [];
      } catch {
        return [];
      }
    });
}

for (const [signal, times] of [
  // npm passes Ctrl-C on to a program that has had it from the terminal already.
  ['SIGINT', 2],
  ['SIGTERM', 1],
  ['SIGHUP', 1],
] as const)
  it(`stops every peer and leaves no folder behind when a drill gets ${signal}, and does not call it passed`, {}, async (t) => {
    for (const tool of demoTools) if (!needTool(t, tool)) return;
    const folder = mkdtempSync(join(tmpdir(), 'gomeet-interrupt-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
    // PostgreSQL runs as another user when we are root, and walks through it.
    chmodSync(folder, 0o755);
    const child = spawn(process.execPath, [main, 'drill', 'service-crash-loop'], {
      cwd: folder,
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    let atSignal: readonly string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        told += chunk;
        if (!told.includes('WORLD') || child.killed) return;
        atSignal = programsOf(folder);
        for (let time = 0; time < times; time += 1) child.kill(signal);
      });

    const [code] = await once(child, 'close');

    assert.equal(code, 1, told);
    assert.match(told, /interrupted, not seen|\(interrupted\)/);
    for (const program of ['postgres', ...demoTools])
      assert.ok(
        atSignal.some((command) => command.includes(program)),
        `${program} ran: ${atSignal.join('\n')}`,
      );
    assert.deepEqual(programsOf(folder), []);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('gomeet-')),
      [],
    );
  });
