import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { alerts } from '../../../alerts/index.ts';
import { registerAll } from '../../../cli/commands.ts';
import { commands, headings, mapped, seeds } from '../../../cli/map/answers.ts';
import { mapPage, unknownIn } from '../../../cli/map/page.ts';
import { actions } from '../../../responders/act/index.ts';

const program = new Command('gomeet');
registerAll(program);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const all = Object.keys(seeds).flatMap((document) => mapped(document).map((item) => ({ document, ...item })));
const answers = [...headings, ...commands].map(([, answer]) => answer);

describe('The map of the two documents', () => {
  it('has an answer to every heading, command and block', () => {
    assert.deepEqual(
      all
        .filter(({ answer }) => answer === undefined)
        .map(({ document, under, text }) => `${document}, ${under}: ${text}`),
      [],
    );
    // What the documents hold: an item that got lost here is one without an answer.
    assert.deepEqual(
      Object.entries(seeds).map(([document, items]) => [document, items.length]),
      [
        ['operations-runbook', 280],
        ['deployment-readme', 77],
      ],
    );
  });

  it('names only commands and options that the program has', () => {
    const unknown = new Set(
      answers.flatMap(({ run, open }) =>
        (open === undefined ? (run ?? []) : []).flatMap((line) => unknownIn(line, program) ?? []),
      ),
    );
    assert.deepEqual([...unknown].toSorted(), []);
  });

  it('names only alerts, actions and files that there are', () => {
    const known = {
      alerts: new Set<string>(alerts.map(({ name }) => name)),
      actions: new Set<string>(Object.keys(actions)),
    };
    assert.deepEqual(
      answers.flatMap((answer) => (answer.alerts ?? []).filter((name) => !known.alerts.has(name))),
      [],
    );
    assert.deepEqual(
      answers.flatMap((answer) => (answer.actions ?? []).filter((name) => !known.actions.has(name))),
      [],
    );
    const paths = new Set(answers.flatMap(({ pages }) => pages ?? []));
    assert.deepEqual(
      [...paths].filter((path) => !existsSync(`${root}${path}`)),
      [],
    );
  });

  it('has no answer to what nobody asked', () => {
    const idle = [...headings, ...commands]
      .filter(([, answer]) => !all.some((item) => item.answer === answer))
      .map(([text]) => text);
    assert.deepEqual(idle, []);
  });

  it('sees a command that is not there, an option that is not, and a file', () => {
    assert.equal(unknownIn('gomeet fly', program), 'gomeet fly');
    assert.equal(unknownIn('gomeet backup fly', program), 'gomeet backup fly');
    assert.equal(unknownIn('gomeet backup create --fly', program), '--fly of gomeet backup create');
    assert.equal(unknownIn('kubectl get pods', program), 'kubectl get pods');
    assert.equal(unknownIn('gomeet backup restore latest --target x', program), undefined);
  });

  it('is the page in docs', () => {
    assert.equal(readFileSync(`${root}docs/map.md`, 'utf8'), mapPage(program));
  });
});
