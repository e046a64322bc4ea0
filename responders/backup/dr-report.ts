import { humanMs } from '../../kernel/duration.ts';
import type { Component } from './define.ts';
import type { DrReport } from './dr-test.ts';

/** What the platform's own disaster-recovery document promises, in minutes (platform survey 3.1): until it is back, and of data that may be lost. */
export const promised: Readonly<
  Record<Component, { readonly timeMinutes: number; readonly pointMinutes: number } | undefined>
> = {
  postgresql: { timeMinutes: 30, pointMinutes: 15 },
  valkey: { timeMinutes: 5, pointMinutes: 1 },
  kubernetes: { timeMinutes: 10, pointMinutes: 5 },
  metrics: { timeMinutes: 30, pointMinutes: 15 },
  logs: undefined,
};

/** The report of a disaster-recovery test as Markdown: what was measured, held against what was promised. */
export function drReportPage(report: DrReport): string {
  const minutes = (ms: number) => humanMs(Math.max(0, ms));
  const rows = report.restored.map(({ component, ok, tookMs, says, bytes }) => {
    const goal = promised[component];
    const kept =
      goal === undefined
        ? 'no promise'
        : tookMs <= goal.timeMinutes * 60_000
          ? `within ${goal.timeMinutes} min`
          : `**over ${goal.timeMinutes} min**`;
    return `| ${component} | ${ok ? 'whole' : '**not whole**'} | ${(bytes / 1e6).toFixed(1)} MB | ${minutes(tookMs)} | ${kept} | ${says} |`;
  });
  const strictest = Math.min(...report.restored.flatMap(({ component }) => promised[component]?.pointMinutes ?? []));
  return `# Disaster-recovery test of ${new Date(report.begunAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC

${report.ok ? 'Passed.' : '**Failed.**'} ${report.backup} was restored beside production.

- Recovery time, from the first step until the services were ready on restored data: **${minutes(report.recoveryTimeMs)}**.
- Recovery point, the age of the restored data when the test began: **${minutes(report.recoveryPointMs)}**.${
    Number.isFinite(strictest) && report.recoveryPointMs > strictest * 60_000
      ? ` The strictest promise is ${strictest} min: a nightly dump cannot keep it, only the managed database's own point-in-time recovery can.`
      : ''
  }
- What the test made is ${report.cleanedUp ? 'gone again' : '**still there**'}.

| Component | Data | Size | Took | Promise | What came out |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

| Check | | Saw |
| --- | --- | --- |
${report.checks.map(({ what, ok, saw }) => `| ${what} | ${ok ? 'ok' : '**not ok**'} | ${saw} |`).join('\n')}
`;
}
