/**
 * Takes screenshots of the reports in test/golden, wide and narrow, light and dark, and checks in a real browser that they
 * fit the width and load nothing: `npm run report:screenshots [folder]`.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBrowser, openPage } from './browser.js';

const golden = resolve(import.meta.dirname, '../golden');
const widths = { desktop: 1280, phone: 390 };
const schemes = ['light', 'dark'];

const path = findBrowser();
if (path === undefined) {
  process.stderr.write('No Chromium, Chrome or Edge was found. Install one, or name it in BROWSER_PATH.\n');
  process.exit(1);
}

const folder = resolve(process.argv[2] ?? 'screenshots');
mkdirSync(folder, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), 'sfcompose-browser-'));
const page = await openPage(path, profile);
/** @type {string[]} */
const faults = [];
try {
  await page.send('Page.enable');
  await page.send('Network.enable');
  for (const file of readdirSync(golden).filter((name) => name.endsWith('.html'))) {
    const url = pathToFileURL(join(golden, file)).href;
    for (const [size, width] of Object.entries(widths))
      for (const scheme of schemes) {
        const name = `${file.replace('.html', '')}-${size}-${scheme}`;
        for (const fault of await shoot(url, width, scheme, join(folder, `${name}.png`)))
          faults.push(`${name}: ${fault}`);
      }
  }
} finally {
  await page.close();
  // Helper processes of the browser may end a little later.
  rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
process.stdout.write(`${[...faults, `The screenshots are in ${folder}.`].join('\n')}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;

/**
 * Takes one screenshot of a whole report.
 * @param {string} url
 * @param {number} width
 * @param {string} scheme
 * @param {string} target path of the image
 * @returns {Promise<readonly string[]>} what is wrong with the report
 */
async function shoot(url, width, scheme, target) {
  const metrics = { width, height: 800, deviceScaleFactor: 1, mobile: width < 600 };
  await page.send('Emulation.setDeviceMetricsOverride', metrics);
  await page.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: scheme }],
  });
  const loaded = page.waitFor('Page.loadEventFired');
  await page.send('Page.navigate', { url });
  await loaded;
  const evaluate = async (/** @type {string} */ expression) =>
    (await page.send('Runtime.evaluate', { expression, returnByValue: true })).result.value;
  const { data } = await page.send('Page.captureScreenshot', { captureBeyondViewport: true });
  writeFileSync(target, Buffer.from(data, 'base64'));
  const used = await evaluate('document.documentElement.scrollWidth');
  const resources = await evaluate("performance.getEntriesByType('resource').length");
  const isDark = await evaluate("matchMedia('(prefers-color-scheme: dark)').matches");
  return [
    ...(used > width ? [`is ${used} pixels wide`] : []),
    ...(resources > 0 ? [`loads ${resources} resources`] : []),
    ...(isDark === (scheme === 'dark') ? [] : ['has the wrong colours']),
  ];
}
