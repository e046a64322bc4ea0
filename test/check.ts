// Everything that must hold, cheapest first; the first that fails ends it. `npm run check`.
import { spawnSync } from 'node:child_process';
import { styleText } from 'node:util';

const steps: readonly (readonly [string, readonly string[]])[] = [
  ['types', ['run', '--silent', 'types']],
  ['lint', ['run', '--silent', 'lint']],
  ['imports', ['run', '--silent', 'imports']],
  ['dead code', ['run', '--silent', 'deadcode']],
  ['secrets', ['run', '--silent', 'secrets']],
  ['generated files', ['run', '--silent', 'build', '--', '--check']],
  ['tests', ['test']],
];

for (const [name, args] of steps) {
  const startedMs = performance.now();
  const { status } = spawnSync('npm', args, { stdio: 'inherit' });
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`${status === 0 ? styleText('green', '✓') : styleText('red', '✗')} ${name} (${seconds} s)`);
  if (status !== 0) process.exit(status ?? 1);
}
