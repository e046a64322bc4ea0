import { styleText } from 'node:util';
import { closest, distance } from 'fastest-levenshtein';
import { loadConfig } from '../../kernel/config.ts';
import { UsageError } from '../../kernel/errors.ts';
import { formatUsd } from '../../kernel/money.ts';
import type { EnvironmentName } from '../../manifests/environments/define.ts';
import { environments } from '../../manifests/environments/index.ts';
import type { FitReport } from '../../manifests/fit/define.ts';
import { fit, withSize } from '../../manifests/fit/fit.ts';
import { nodeSize, prices } from '../../model/prices.ts';
import { priceBook } from '../../responders/price-book.ts';
import { printedTable } from '../common/printed.ts';

/** What `gomeet fit` is told. */
export interface FitFlags {
  readonly environment: EnvironmentName;
  readonly size?: string;
  readonly pool?: string;
  readonly dropletLimit?: number;
  readonly all?: true;
  readonly json?: true;
}

/** Prints the report; sets the exit code to 1 where something does not fit. Throws a UsageError for a size or pool there is not. */
export async function fitCommand(flags: FitFlags): Promise<void> {
  const report = fit(asked(flags), await priceBook(loadConfig(process.env)));
  if (!report.fits) process.exitCode = 1;
  console.log(flags.json ? JSON.stringify(inDollars(report), undefined, 2) : fitText(report, flags.all === true));
}

function asked({ environment: name, size, pool, dropletLimit }: FitFlags) {
  const declared = environments[name];
  const limit = dropletLimit ?? declared.settings.dropletLimit;
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--droplet-limit: want a whole number from 1');
  const environment = { ...declared, settings: { ...declared.settings, dropletLimit: limit } };
  const pools = environment.pools.map((one): string => one.name);
  if (pool !== undefined && !pools.includes(pool))
    throw new UsageError(`${name} has no pool ${pool}; it has ${pools.join(', ')}`);
  if (size === undefined) return environment;
  if (nodeSize(size) === undefined) {
    const sizes = prices.nodeSizes.map(({ slug }) => slug);
    const near = closest(size, sizes);
    throw new UsageError(
      `no price for the size ${size}${distance(size, near) <= 4 ? `; did you mean ${near}?` : ''} There are ${sizes.join(', ')}`,
    );
  }
  return withSize(environment, size, pool);
}

function fitText(report: FitReport, all: boolean): string {
  const pools = printedTable(
    `${report.environment}: ${report.fits ? 'fits' : 'does not fit'}`,
    ['Pool', 'When', 'Size', 'Pods', 'Cores', 'GiB', 'Nodes needed', 'Has', 'A month'],
    report.pools.map(({ pool, moment, size, pods, cpuCores, memoryGib, needed, has, monthly }) => [
      pool,
      moment,
      size,
      `${pods}`,
      cpuCores.toFixed(1),
      memoryGib.toFixed(1),
      needed === undefined ? 'never' : `${needed}`,
      `${has}`,
      formatUsd(monthly),
    ]),
  );
  const findings = report.findings
    .filter(({ fits }) => all || !fits)
    .map(
      ({ fits, check, about, arithmetic, change }) =>
        `${fits ? styleText('green', 'ok') : styleText('red', 'no')}  ${check} (${about}): ${arithmetic}${change === undefined ? '' : `\n      change: ${change}`}`,
    );
  const choices = printedTable(
    'Sizes that carry each pool, cheapest first',
    ['Pool', 'Size', 'Nodes', 'At the most', 'A month', 'At the most'],
    report.choices.map(({ pool, size, least, most, monthlyLeast, monthlyMost }) => [
      pool,
      size,
      `${least}`,
      `${most}`,
      formatUsd(monthlyLeast),
      formatUsd(monthlyMost),
    ]),
  );
  const carried = new Set(report.choices.map(({ pool }) => pool));
  const uncarried = [...new Set(report.pools.map(({ pool }) => pool))].filter((pool) => !carried.has(pool));
  const held = report.findings.filter(({ fits }) => fits).length;
  const { deviations } = report;
  return [
    pools,
    ...(findings.length === 0 ? [] : [findings.join('\n')]),
    ...(report.choices.length === 0 ? [] : [choices]),
    ...uncarried.map((pool) => `No size of the price book carries pool ${pool}.`),
    all
      ? deviationsText(report)
      : `${held} checks hold${deviations.length === 0 ? '' : `, ${deviations.length} figures differ from the documents, each for a reason`}: --all shows them.`,
    `Nodes ${formatUsd(report.monthlyLeast)} a month at the least, ${formatUsd(report.monthlyMost)} at the most; \`gomeet infra plan\` prices the rest.`,
  ].join('\n\n');
}

function deviationsText({ deviations }: FitReport): string {
  if (deviations.length === 0) return 'Nothing differs from the documents.';
  const table = printedTable(
    'What differs from the documents, and why',
    ['About', 'Field', 'There', 'Here'],
    deviations.map(({ about, field, from, to }) => [about, field, from, to]),
  );
  const reasons = [...Map.groupBy(deviations, ({ why }) => why)].map(
    ([why, those]) => `${[...new Set(those.map(({ about }) => about))].join(', ')}: ${why}.`,
  );
  return [table, ...reasons].join('\n');
}

function inDollars({ monthlyLeast, monthlyMost, pools, choices, ...report }: FitReport) {
  return {
    ...report,
    pools: pools.map(({ monthly, ...pool }) => ({ ...pool, monthlyUsd: monthly / 1e6 })),
    choices: choices.map(({ monthlyLeast: least, monthlyMost: most, ...choice }) => ({
      ...choice,
      monthlyLeastUsd: least / 1e6,
      monthlyMostUsd: most / 1e6,
    })),
    monthlyLeastUsd: monthlyLeast / 1e6,
    monthlyMostUsd: monthlyMost / 1e6,
  };
}
