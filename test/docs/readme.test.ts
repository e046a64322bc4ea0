import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { registerAll } from '../../cli/commands.ts';
import { settings } from '../../kernel/config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');

test('the README has a row for every setting, with its default, what it is for and its other name', () => {
  for (const [name, setting] of Object.entries(settings)) {
    const fallback = 'fallback' in setting ? `\`${setting.fallback}\`` : '';
    const alias = 'alias' in setting ? `; also read from \`${setting.alias}\`` : '';
    const secret = 'secret' in setting ? ' (secret)' : '';
    assert.ok(
      readme.includes(`| \`${name}\` | ${fallback} | ${setting.help}${alias}${secret} |`),
      `no row for ${name} as it is`,
    );
  }
});

test('the README names every command', () => {
  const program = new Command();
  registerAll(program);
  for (const command of program.commands) assert.match(readme, new RegExp(`\\b${command.name()}\\b`));
});

test('every file that the README names exists', () => {
  const paths = [...readme.matchAll(/`((?:[a-z-]+\/)+(?:[\w.-]+)?)`|\]\((docs\/[^)]+)\)/g)].map(
    ([, code, link]) => code ?? link ?? '',
  );
  assert.ok(paths.length > 10);
  for (const path of paths) assert.ok(existsSync(`${root}${path}`), path);
});
