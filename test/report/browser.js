/** Runs a Chromium without a window, and talks to it over pipes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome', 'microsoft-edge', 'msedge'];

/** Places of browsers that are not in the PATH. */
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * Finds a browser: the one that BROWSER_PATH names, or Chromium, Chrome or Edge.
 * @returns {string | undefined} its path
 */
export function findBrowser() {
  const { BROWSER_PATH, PATH = '' } = process.env;
  if (BROWSER_PATH) return BROWSER_PATH;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const inPath = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name + suffix)));
  return [...inPath, ...usualPlaces].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * @typedef {object} Page
 * @property {(method: string, params?: object) => Promise<any>} send sends a command of the DevTools protocol
 * @property {(method: string) => Promise<any>} waitFor waits for the next event of that name
 * @property {() => Promise<void>} close ends the browser, and waits until it is gone
 */

/**
 * Opens an empty page.
 * @param {string} path of the browser
 * @param {string} profile an empty folder
 * @returns {Promise<Page>}
 */
export async function openPage(path, profile) {
  const args = [
    '--headless=new',
    // Root, as in a container, has no sandbox.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--hide-scrollbars',
    '--no-first-run',
    `--user-data-dir=${profile}`,
    '--remote-debugging-pipe',
    'about:blank',
  ];
  const browser = spawn(path, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , , input, output] = browser.stdio;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const calls = new Map();
  /** @type {Map<string, (value: any) => void>} */
  const listeners = new Map();
  let rest = '';
  output?.on('data', (/** @type {Buffer} */ data) => {
    const messages = (rest + data.toString('utf8')).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const { id, method, params, result, error } = JSON.parse(message);
      if (method) listeners.get(method)?.(params);
      else if (error) calls.get(id)?.reject(new Error(error.message));
      else calls.get(id)?.resolve(result);
    }
  });
  browser.on('exit', () => {
    for (const { reject } of calls.values()) reject(new Error('The browser has ended.'));
  });
  let last = 0;
  const call = (/** @type {object} */ message) =>
    new Promise((resolve, reject) => {
      calls.set(++last, { resolve, reject });
      /** @type {import('node:stream').Writable} */ (input).write(
        `${JSON.stringify({ id: last, ...message })}\0`,
      );
    });
  const { targetInfos } = await call({ method: 'Target.getTargets' });
  const { targetId } = targetInfos.find((/** @type {{ type: string }} */ { type }) => type === 'page');
  const { sessionId } = await call({ method: 'Target.attachToTarget', params: { targetId, flatten: true } });
  return {
    send: (method, params = {}) => call({ method, params, sessionId }),
    waitFor: (method) => new Promise((resolve) => listeners.set(method, resolve)),
    async close() {
      const gone = once(browser, 'exit');
      await call({ method: 'Browser.close' }).catch(() => {});
      await gone;
    },
  };
}
