#!/usr/bin/env node
// Runs the command on the Node that package.json pins, whatever Node the host has: TypeScript runs as it stands from Node 24 on.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
// Under these the responder's heap stays small in a storm of alerts: by itself V8 lets 150 MB more garbage stand. `npm run bench -- --only storm`.
import flags from './node-flags.json' with { type: 'json' };

const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
// What was compiled once, TypeScript stripped of its types included, is not compiled again: half of a short command's time. Where nothing can be written it is left out.
const cache = fileURLToPath(new URL('../node_modules/.cache/gomeet-compiled', import.meta.url));
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const args = process.argv.slice(2);
const wanted = args.flatMap((word) => (Object.hasOwn(flags, word) ? flags[word] : []));
const modern = Number(process.versions.node.split('.')[0]) >= 24;

if (modern && wanted.every((flag) => process.execArgv.includes(flag))) {
  if (process.env.NODE_V8_COVERAGE === undefined) module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE ?? cache);
  await import(main);
} else if (modern || existsSync(pinned)) {
  const child = spawn(modern ? process.execPath : pinned, [...process.execArgv, ...wanted, main, ...args], {
    stdio: 'inherit',
    env: process.env.NODE_V8_COVERAGE === undefined ? { NODE_COMPILE_CACHE: cache, ...process.env } : process.env,
  });
  // Ctrl-C reaches both by itself; what is sent to this process alone is passed on.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {});
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
} else {
  console.error('gomeet: the pinned Node is missing; run `npm ci` first.');
  process.exit(1);
}
