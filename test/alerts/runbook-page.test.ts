import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drillsOf } from '../../alerts/drills.ts';
import { alerts } from '../../alerts/index.ts';
import { runbookIndex, runbookPage } from '../../alerts/runbook-page.ts';
import { runbookSections } from '../../alerts/runbook-sections.ts';

const headings = (page: string) => [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);

test('every page has the four headings in order, and what the responder does', () => {
  for (const alert of alerts) {
    const page = runbookPage(alert);
    assert.deepEqual(headings(page), [
      'Meaning',
      'Impact',
      'Diagnosis',
      'Mitigation',
      'What the responder does by itself',
    ]);
    assert.match(page, new RegExp(`^# ${alert.name}\n`));
    assert.ok(page.includes(alert.expr));
    assert.doesNotMatch(page, /undefined|\[object|\bTODO\b|\bTBD\b|\bFIXME\b/);
  }
});

test('every step says who agrees to it, and every limit is there', () => {
  for (const alert of alerts) {
    const page = runbookPage(alert);
    for (const step of alert.runbook.mitigation) assert.ok(page.includes(step.say));
    assert.equal(
      (page.match(/: (done by the responder|one person agrees|two people agree)\./g) ?? []).length,
      alert.runbook.mitigation.length,
    );
    assert.equal((page.match(/^\| /gm) ?? []).length, 2 + 9);
  }
});

test('a series that is worked out beforehand is explained where it is used', () => {
  const saturated = alerts.find(({ name }) => name === 'SfuSaturated');
  assert.ok(saturated);
  assert.match(runbookPage(saturated), /`node_id:sfu_cpu_load_ratio:max`: CPU load of each SFU node/);
});

test('a page says when the loop was last closed for its alert, or that no drill plays it', () => {
  for (const alert of alerts) {
    const [latest] = drillsOf(alert.name);
    const line = /^Last drill that passed: (.+)$/m.exec(runbookPage(alert))?.[1] ?? '';
    if (latest === undefined) assert.match(line, /^none plays this alert/, alert.name);
    else assert.ok(line.startsWith(`\`${latest.drill}\` on ${latest.passedAt.slice(0, 10)}`), alert.name);
  }
});

test('of several drills that play an alert the latest counts, and only what has passed is recorded', () => {
  const passed = (passedAt: string, alertname: string) => ({ alertname, cluster: 'simulated' as const, passedAt });
  const among = {
    one: passed('2026-01-01T00:00:00Z', 'SfuSaturated'),
    two: passed('2026-03-01T00:00:00Z', 'SfuSaturated'),
    three: passed('2026-04-01T00:00:00Z', 'SfuNodeLost'),
  };
  assert.deepEqual(
    drillsOf('SfuSaturated', among).map(({ drill }) => drill),
    ['two', 'one'],
  );
  assert.deepEqual(drillsOf('Watchdog', among), []);
});

test('the index links every page once', () => {
  const links = [...runbookIndex(alerts).matchAll(/\]\((\w+)\.md\)/g)].map(([, name]) => name);
  assert.deepEqual(
    links,
    alerts.map(({ name }) => name),
  );
});

test('every section on troubleshooting and emergencies of the operations runbook is reached from some page', () => {
  const reached = new Set(alerts.flatMap(({ runbook }) => runbook.answers ?? []));
  assert.deepEqual(
    runbookSections.filter((section) => !reached.has(section)),
    [],
  );
});

test('every page says what a person does and when to leave it alone, and every command what to expect', () => {
  for (const alert of alerts) {
    const page = runbookPage(alert);
    assert.match(page, /What a person does: .{10}/);
    assert.match(page, /When to leave it alone: .{5}/);
    for (const { command, expect } of alert.runbook.diagnosis)
      if (command !== undefined) assert.ok(expect !== undefined && page.includes(expect), `${alert.name}: ${command}`);
  }
});

test('what stands in capitals in a command is explained on its page, and nothing else is', () => {
  for (const alert of alerts) {
    const page = runbookPage(alert);
    const commands = alert.runbook.diagnosis.flatMap(({ command = '' }) => command).join('\n');
    const words = new Set(commands.match(/(?<![\w$-])[A-Z]{3,}(?!\w)/g));
    for (const word of words) assert.match(page, new RegExp(`In the commands: .*\\b${word} is `), alert.name);
    if (words.size === 0 && !/`[^`]*\b[A-Z]{3,}\b[^`]*`/.test(alert.runbook.person))
      assert.doesNotMatch(page, /In the commands:/, alert.name);
  }
});
