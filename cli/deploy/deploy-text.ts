import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Finding } from '../../deploy/checks/define.ts';
import type { Refusal } from '../../deploy/guard.ts';
import { nameOf } from '../../deploy/kube/object.ts';
import { phases } from '../../deploy/phases/define.ts';
import type { DeployEvent, DeployOutcome } from '../../deploy/phases/ports.ts';

/** Progress lines of a run; every object and every diff with `verbose`, diffs also in a dry run. */
export function progress(
  say: (line: string) => void,
  show: { verbose: boolean; diffs: boolean },
): (event: DeployEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'phase-began':
        say(styleText('bold', `[${event.phase.number}/${phases.length}] ${event.phase.title}`));
        return;
      case 'phase-over':
        say(
          `  ${styleText('green', '✓')} ${event.phase.title}: ${event.says} (${(event.tookMs / 1_000).toFixed(1)} s)`,
        );
        return;
      case 'applied': {
        const { ref, did, note, diff } = event.applied;
        if (show.verbose || (show.diffs && did !== 'unchanged') || note !== undefined)
          say(`  ${did.padEnd(9)} ${nameOf(ref)}${note === undefined ? '' : `: ${note}`}`);
        if (diff !== undefined && (show.verbose || (show.diffs && did === 'changed')))
          say(indented(colouredDiff(diff)));
        return;
      }
      case 'line':
        say(`  ${event.line}`);
        return;
      case 'checked':
        say(checklist(event.title, event.findings));
    }
  };
}

/** A checklist as a table, with what to do where something is. */
export function checklist(title: string, findings: readonly Finding[]): string {
  const mark = { ok: styleText('green', '✓'), failed: styleText('red', '✗'), unknown: styleText('yellow', '?') };
  const table = new Table({
    head: ['', title, 'found', 'to do'],
    style: { head: [], border: [], compact: true },
    wordWrap: true,
  });
  table.push(...findings.map(({ check, verdict, says, todo }) => [mark[verdict], check, says, todo]));
  return table.toString();
}

/** How a run ended, and what to do next. */
export function outcomeText(outcome: DeployOutcome): string {
  switch (outcome.is) {
    case 'done':
      return `Deployed, as run ${outcome.runId}. Back to what stood before: gomeet rollback full`;
    case 'rehearsed':
      return 'Nothing was changed.';
    case 'refused':
      return refusalText(outcome.refusals);
    case 'stopped': {
      const { phase, says, todo, notReady, rolledBack } = outcome;
      const trouble = notReady?.trouble;
      return [
        styleText('red', `✗ stopped in phase ${phase.number}, ${phase.title}: ${says}`),
        ...(trouble === undefined || trouble.events.length === 0
          ? []
          : ['  Events:', ...trouble.events.map((line) => `    ${line}`)]),
        ...(trouble === undefined || trouble.logLines.length === 0
          ? []
          : ['  Last log lines:', ...trouble.logLines.map((line) => `    ${line}`)]),
        rolledBack ? '  What this run applied was put back.' : `  To do: ${todo}`,
      ].join('\n');
    }
  }
}

/** Why nothing was begun. */
export function refusalText(refusals: readonly Refusal[]): string {
  return [
    styleText('red', 'Nothing was changed:'),
    ...refusals.map(({ says, todo }) => `  ${styleText('red', '✗')} ${says}\n    ${todo}`),
  ].join('\n');
}

/** A diff with its lines in the usual colours. */
export function colouredDiff(diff: string): string {
  return diff
    .split('\n')
    .map((line) =>
      line.startsWith('+') ? styleText('green', line) : line.startsWith('-') ? styleText('red', line) : line,
    )
    .join('\n');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
