import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { errorText, UsageError } from '../../../kernel/errors.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const timeoutMs = 30_000;

/** The Chromium of the machine; undefined without one. */
export async function findChromium(path: string = process.env['PATH'] ?? ''): Promise<string | undefined> {
  for (const folder of path.split(delimiter))
    for (const name of names) {
      const file = join(folder, name);
      if (
        await access(file, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return file;
    }
  return undefined;
}

/** Prints the page as PDF through the machine's Chromium, scripts and network off. Throws a UsageError without one. The dates that Chromium writes are those of the report, so that the same page gives the same bytes. */
export async function toPdf(html: string, asOfMs: number): Promise<Uint8Array> {
  const executablePath = await findChromium();
  if (executablePath === undefined)
    throw new UsageError(`the PDF needs Chromium on PATH (${names.join(', ')}); the HTML page prints the same`);
  const { chromium } = await import('playwright-core');
  let browser: Awaited<ReturnType<typeof chromium.launch>> | undefined;
  try {
    // As root Chromium has no sandbox to run in; the page has no script and nothing to fetch.
    browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, timeout: timeoutMs });
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
    const page = await context.newPage();
    await page.setContent(html, { waitUntil: 'load', timeout: timeoutMs });
    const pdf = await page.pdf({
      format: 'A4',
      preferCSSPageSize: true,
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate:
        '<div style="font-size:7px;color:#545f70;width:100%;text-align:right;padding:0 14mm">page <span class="pageNumber"></span> of <span class="totalPages"></span></div>',
    });
    return dated(pdf, asOfMs);
  } catch (error) {
    throw new UsageError(`Chromium did not print the page: ${errorText(error).split('\n')[0]}`);
  } finally {
    await browser?.close();
  }
}

/** Replaces the times at which Chromium made the file; they are as long, so that no offset moves. */
function dated(pdf: Uint8Array, asOfMs: number): Uint8Array {
  const stamp = new Date(asOfMs).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const text = Buffer.from(pdf).toString('latin1');
  return Buffer.from(
    text.replace(/\/(CreationDate|ModDate) \(D:\d{14}/g, (_all, key: string) => `/${key} (D:${stamp}`),
    'latin1',
  );
}
