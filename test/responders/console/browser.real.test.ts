import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ServerType, serve } from '@hono/node-server';
import { chromium, type Page } from 'playwright-core';
import { consoleApp } from '../../../responders/console/app.ts';
import { openAuth } from '../../../responders/console/auth.ts';
import { needTool } from '../../support/need-tool.ts';
import { type Stage, stage } from './support/stage.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens the console in Chromium; whatever the browser complains of, a blocked inline style too, is collected. */
async function openPage(
  t: TestContext,
  executablePath: string,
  set: Stage,
): Promise<{ page: Page; complaints: string[] }> {
  const app = consoleApp({ data: set.data, desk: set.desk, auth: openAuth(), clock: set.clock });
  const server: ServerType = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const browser = await chromium.launch({ executablePath, args: flags });
  t.after(async () => {
    await browser.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/`);
  return { page, complaints };
}

test('a click on Acknowledge turns into a stamp without a reload, and the button is gone', async (t) => {
  const chromiumPath = needTool(t, 'chromium');
  if (chromiumPath === undefined) return;
  const set = stage();
  const { page, complaints } = await openPage(t, chromiumPath, set);
  await page.evaluate('window.notReloaded = true');
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await page.getByText('Acknowledged by alex').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Acknowledge' }).count(), 0);
  assert.equal(await page.locator('#toast').textContent(), 'Acknowledged: it is yours.');
  assert.equal(await page.evaluate('window.notReloaded'), true);
  assert.deepEqual(set.asked, ['acknowledge console:alex']);
  assert.deepEqual(complaints, []);
});

test('what happens appears by itself, and a form that someone fills in is left alone', async (t) => {
  const chromiumPath = needTool(t, 'chromium');
  if (chromiumPath === undefined) return;
  const set = stage(100);
  const { page, complaints } = await openPage(t, chromiumPath, set);
  assert.equal(await page.getByText('sfu-4 serves').count(), 0);
  await page.locator('summary', { hasText: 'Silence' }).click();
  const why = page.locator('details[open] input[name=reason]');
  await why.fill('known since noon');
  await page.locator('h1, h2').first().click();
  set.goTo(200);
  await page.getByText('sfu-4 serves').waitFor();
  assert.equal(await page.locator('details[open] input[name=reason]').inputValue(), 'known since noon');
  assert.deepEqual(set.asked, []);
  assert.deepEqual(complaints, []);
});

test('a button that is held down while the page changes is still pressed', async (t) => {
  const chromiumPath = needTool(t, 'chromium');
  if (chromiumPath === undefined) return;
  const set = stage(100);
  const { page } = await openPage(t, chromiumPath, set);
  const box = await page.getByRole('button', { name: 'Acknowledge' }).boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 5, box.y + 5);
  await page.mouse.down();
  set.goTo(200);
  await page.waitForTimeout(600);
  assert.equal(await page.getByText('sfu-4 serves').count(), 0);
  await page.mouse.up();
  await page.getByText('Acknowledged by alex').waitFor();
  await page.getByText('sfu-4 serves').waitFor();
  assert.deepEqual(set.asked, ['acknowledge console:alex']);
});

test('a reason that someone is typing survives a change, and the change is shown once they are done', async (t) => {
  const chromiumPath = needTool(t, 'chromium');
  if (chromiumPath === undefined) return;
  const set = stage();
  const { page } = await openPage(t, chromiumPath, set);
  await page.goto(new URL('/controls', page.url()).href);
  const why = page.locator('#form-stop-all input[name=reason]');
  await why.fill('strange num');
  await set.desk.control({ name: 'stop-all', reason: 'someone else was quicker' }, 'slack:T0/U1');
  await page.waitForTimeout(400);
  assert.equal(await why.inputValue(), 'strange num');
  await page.locator('h1').click();
  await page.getByText('someone else was quicker').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Resume' }).count(), 1);
});

test('every button and link can be reached and pressed with the keyboard alone', async (t) => {
  const chromiumPath = needTool(t, 'chromium');
  if (chromiumPath === undefined) return;
  const set = stage();
  const { page } = await openPage(t, chromiumPath, set);
  const focusedText = () => page.evaluate('document.activeElement.innerText');
  for (let presses = 0; presses < 60 && (await focusedText()) !== 'Acknowledge'; presses += 1)
    await page.keyboard.press('Tab');
  assert.equal(await focusedText(), 'Acknowledge');
  await page.keyboard.press('Enter');
  await page.getByText('Acknowledged by alex').waitFor();
});

test('at 1280 by 800 nothing is cut off sideways, in light and dark', async (t) => {
  const chromiumPath = needTool(t, 'chromium');
  if (chromiumPath === undefined) return;
  const { page } = await openPage(t, chromiumPath, stage());
  const origin = new URL(page.url()).origin;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const path of ['/', '/episodes/907', '/incidents/k3v9-wq2p-71ab', '/controls']) {
      await page.goto(origin + path);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 1280, path);
    }
  }
});
