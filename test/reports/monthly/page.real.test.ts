import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { demoInput } from '../../../reports/monthly/demo.ts';
import { findChromium, toPdf } from '../../../reports/monthly/forms/pdf.ts';
import { makeForms } from '../../../reports/monthly/issue.ts';
import { monthlyReport } from '../../../reports/monthly/report.ts';

const executablePath = await findChromium();
const report = monthlyReport(demoInput());

test('in Chromium nothing sticks out at any width, every chart has a size, and no script runs', {
  skip: executablePath === undefined && 'no Chromium',
}, async () => {
  const [page] = await makeForms(report, ['html']);
  const html = Buffer.from(page?.content ?? []).toString();
  const browser = await chromium.launch({
    executablePath: executablePath ?? '',
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    for (const width of [390, 820, 1280]) {
      const tab = await browser.newPage({ viewport: { width, height: 900 } });
      const problems: string[] = [];
      tab.on('console', (message) => problems.push(message.text()));
      tab.on('request', (request) => problems.push(request.url()));
      await tab.setContent(html);
      const seen = (await tab.evaluate(`({
        over: document.documentElement.scrollWidth - innerWidth,
        charts: [...document.querySelectorAll('figure svg')].map((svg) => svg.getBoundingClientRect().height),
        cut: [...document.querySelectorAll('.answer div')].filter((box) => box.scrollWidth > box.clientWidth + 1).length,
      })`)) as { over: number; charts: number[]; cut: number };
      assert.ok(seen.over <= 0, `${width}: ${seen.over} px stick out`);
      assert.equal(seen.charts.length, 11);
      assert.ok(seen.charts.every((height) => height > 60));
      assert.equal(seen.cut, 0);
      assert.deepEqual(problems, []);
      await tab.close();
    }
  } finally {
    await browser.close();
  }
});

test('the PDF has its pages, and the same page gives the same bytes', {
  skip: executablePath === undefined && 'no Chromium',
}, async () => {
  const [page] = await makeForms(report, ['html']);
  const html = Buffer.from(page?.content ?? []).toString();
  const [once, again] = [await toPdf(html, report.input.asOfMs), await toPdf(html, report.input.asOfMs)];
  assert.equal(Buffer.compare(Buffer.from(once), Buffer.from(again)), 0);
  const text = Buffer.from(once).toString('latin1');
  const pages = Number(/\/Count (\d+)/.exec(text)?.[1]);
  assert.ok(pages >= 5 && pages <= 9, String(pages));
  assert.match(text, /\/CreationDate \(D:20261103020000/);
});
