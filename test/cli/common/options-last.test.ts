import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { optionsLast } from '../../../cli/common/options-last.ts';

function program(): Command {
  const root = new Command('gomeet');
  root.command('drill [name]');
  root.command('exporter').command('livekit');
  return root;
}

test('moves options behind the subcommand they stand before', () => {
  assert.deepEqual(optionsLast(program(), ['--json', 'drill', 'all']), ['drill', '--json', 'all']);
  assert.deepEqual(optionsLast(program(), ['--interval', '5', 'exporter', 'livekit']), [
    'exporter',
    'livekit',
    '--interval',
    '5',
  ]);
  assert.deepEqual(optionsLast(program(), ['exporter', '--interval', '5', 'livekit']), [
    'exporter',
    'livekit',
    '--interval',
    '5',
  ]);
});

test('leaves alone what stands behind it already, and what is no subcommand', () => {
  assert.deepEqual(optionsLast(program(), ['drill', 'all', '--json']), ['drill', 'all', '--json']);
  assert.deepEqual(optionsLast(program(), ['--help']), ['--help']);
  assert.deepEqual(optionsLast(program(), ['nonsense', 'drill']), ['nonsense', 'drill']);
});
