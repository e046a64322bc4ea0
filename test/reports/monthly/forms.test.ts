import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { demoInput } from '../../../reports/monthly/demo.ts';
import { toLines, toSlack } from '../../../reports/monthly/forms/slack.ts';
import { makeForms, plainForms } from '../../../reports/monthly/issue.ts';
import { monthlyReport } from '../../../reports/monthly/report.ts';

const report = monthlyReport(demoInput());
const files = await makeForms(report, plainForms);
const textOf = (form: string) => Buffer.from(files.find((file) => file.form === form)?.content ?? []).toString();

test('the page stands by itself: no script, nothing fetched, every chart in it', () => {
  const page = textOf('html');
  assert.ok(!/<script|<link|<img|@import|url\((?!#)|src=/i.test(page));
  // Names of SVG's own vocabularies are no addresses that are asked.
  assert.deepEqual(
    [...page.matchAll(/https?:\/\/[^"' ]+/g)]
      .map(([url]) => url)
      .filter((url) => !url.startsWith('http://www.w3.org/')),
    [],
  );
  assert.equal(page.match(/<figure/g)?.length, 11);
  assert.match(page, /@page \{ size: A4/);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length, 'two charts must not share an id');
});

test('the same numbers stand in every form', () => {
  for (const form of ['html', 'md', 'csv', 'txt']) assert.ok(textOf(form).includes('$17,559'), form);
  const json = JSON.parse(textOf('json'));
  assert.equal(json.schemaVersion, 1);
  assert.equal(json.answer.spend.amount, (report.answer.spend?.amount ?? 0) / 1e6);
  assert.equal(json.capacity.forecast.days.length, 28);
  assert.ok(json.capacity.forecast.days[2].likely > 100, 'people are not divided like money');
});

test('the FOCUS rows have its columns and sum to the total, tax and credits among them', () => {
  const [head = '', ...rows] = textOf('focus').trim().split('\n');
  const columns = head.split(',');
  assert.deepEqual(columns.slice(0, 8), [
    'BilledCost',
    'EffectiveCost',
    'ListCost',
    'ContractedCost',
    'BillingCurrency',
    'ChargePeriodStart',
    'ChargePeriodEnd',
    'ChargeCategory',
  ]);
  const total = rows.reduce((sum, row) => sum + Math.round(Number(row.split(',')[0]) * 1e6), 0);
  assert.equal(total, report.answer.spend?.amount);
  for (const category of ['Usage', 'Tax', 'Credit'])
    assert.ok(
      rows.some((row) => row.split(',')[7] === category),
      category,
    );
});

test('the message has ten lines and no mention that someone could smuggle in', () => {
  assert.equal(toLines(report).length, 10);
  const input = demoInput();
  const [first, ...others] = input.savings;
  assert.ok(first);
  const evil = monthlyReport({ ...input, savings: [{ ...first, what: '<!channel> *free*\u001b[2J' }, ...others] });
  const sent = JSON.stringify(toSlack(evil));
  assert.ok(sent.includes('plain_text') && !sent.includes('\\u001b') && !sent.includes('<!channel>'));
});

test('names of resources are text in every form: no markup, no formula, no command of a terminal', async () => {
  const input = demoInput();
  const name = '<img src=x onerror=alert(1)>=cmd()|*b*\u001b[2J\nx';
  const [first, ...others] = input.savings;
  assert.ok(first);
  const evil = monthlyReport({ ...input, savings: [{ ...first, what: name }, ...others], gaps: [name] });
  for (const { form, content } of await makeForms(evil, plainForms)) {
    const text = Buffer.from(content).toString();
    if (form !== 'json') assert.ok(!text.includes('\u001b'), form);
    if (form === 'html') assert.ok(!text.includes('<img'));
    if (form === 'md') assert.ok(!/[^\\]<img/.test(text));
  }
});

test('the same input gives the same bytes, in this process again and in one of another time zone', async () => {
  const again = await makeForms(monthlyReport(demoInput()), plainForms);
  for (const [index, { form, content }] of again.entries())
    assert.equal(Buffer.compare(Buffer.from(content), Buffer.from(files[index]?.content ?? [])), 0, form);
  const script = `
    const { demoInput } = await import('${root}reports/monthly/demo.ts');
    const { monthlyReport } = await import('${root}reports/monthly/report.ts');
    const { makeForms, plainForms } = await import('${root}reports/monthly/issue.ts');
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256');
    for (const { content } of await makeForms(monthlyReport(demoInput()), plainForms)) hash.update(content);
    console.log(hash.digest('hex'));`;
  const hashes = ['UTC', 'America/Los_Angeles', 'Asia/Jakarta'].map((TZ) => {
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { PATH: '', TZ },
      encoding: 'utf8',
    });
    assert.equal(run.status, 0, run.stderr);
    assert.doesNotMatch(run.stderr, /WARN/, 'a chart that quarrels with itself');
    return run.stdout.trim();
  });
  assert.equal(new Set(hashes).size, 1);
});

const root = fileURLToPath(new URL('../../../', import.meta.url));
