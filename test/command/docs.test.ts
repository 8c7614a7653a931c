/**
 * README and docs match the program. `npm run docs` makes transcripts, generated tables and the picture anew: review
 * the difference.
 */
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  failureActions,
  failureReasons,
  rollingUpgradeModes,
  safetyCheckKinds,
  upgradePhases,
  upgradeStates,
} from '../../src/upgrade/enums.ts';
import { topics } from '../../src/upgrade/findings/finding.ts';
import {
  countTranscripts,
  pages,
  readPage,
  recordLiveView,
  refreshPage,
  terminalSize,
} from '../support/documentation.ts';
import { listAnchors, listLinks } from '../support/links.ts';
import { drawSvg } from '../support/terminal-svg.ts';

const readme = readPage('README.md');

/** Pages that come with another change. */
const comingPages = ['docs/reference.md'];

describe('a page', () => {
  it.each(pages)('has current transcripts and tables: %s', async (path) => {
    await expect(await refreshPage(readPage(path))).toMatchFileSnapshot(`../../${path}`);
  });

  it.each(pages)('begins with a title and what the page is for: %s', (path) => {
    expect(readPage(path)).toMatch(/^# .+\n\n[\w`]/);
  });

  it.each(pages)('is linked from the README: %s', (path) => {
    if (path !== 'README.md') expect(listLinks(readme)).toContain(path);
  });

  it.each([...pages, 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'])(
    'has links that lead somewhere: %s',
    (path) => {
      for (const link of listLinks(readPage(path))) {
        if (/^\w+:/.test(link)) {
          expect(link).toMatch(/^https:\/\/[\w.-]+(?:\/|$)/);
          continue;
        }
        const [file = '', anchor] = link.split('#');
        const target = file ? posix.join(posix.dirname(path), file) : path;
        if (comingPages.includes(target)) continue;
        expect(existsSync(target), `${link} in ${path}`).toBe(true);
        if (anchor !== undefined)
          expect(listAnchors(readPage(target)), `${link} in ${path}`).toContain(anchor);
      }
    },
  );
});

describe('the README', () => {
  it('has a transcript, as other pages have', () => {
    expect(countTranscripts(readme)).toBeGreaterThanOrEqual(1);
    expect(countTranscripts(pages.map(readPage).join('\n'))).toBeGreaterThanOrEqual(12);
  });

  it('is short', () => {
    expect(Buffer.byteLength(readme)).toBeLessThan(12_000);
  });

  it('has the two commands of a fresh clone', () => {
    for (const command of ['npm ci && npm run demo', 'npm ci && npm test']) expect(readme).toContain(command);
  });

  it('links only to files that the package has', () => {
    const shipped = readFileSync('.npmignore', 'utf8').match(/(?<=^!\/).+$/gm) ?? [];
    const links = listLinks(readme).filter((link) => !/^(?:\w+:|#)/.test(link));
    for (const link of links) expect([...shipped, 'CONTRIBUTING.md']).toContain(link.split(/[/#]/)[0]);
  });
});

describe('the picture of the live view', () => {
  it('is current', async () => {
    const frames = await recordLiveView('upgrade-progress web --watch', 'happy, after 287 s');
    const screen = `$ sfcompose watch web\n\n${frames}`;
    const title =
      'The live view of an upgrade: a bar, a row for each upgrade domain with its nodes and times';
    await expect(await drawSvg(screen, terminalSize, title)).toMatchFileSnapshot('../../docs/live-view.svg');
  });
});

describe('the docs', () => {
  it('list every code of a finding', () => {
    const page = readPage('docs/explanations.md');
    for (const code of Object.keys(topics)) expect(page).toContain(`| \`${code}\` |`);
  });

  it.each([
    ['states', Object.keys(upgradeStates)],
    ['modes', rollingUpgradeModes],
    ['failure actions', failureActions],
    ['failure reasons', failureReasons],
    ['phases', upgradePhases],
    ['safety checks', safetyCheckKinds],
  ])('explain all %s', (_, words) => {
    const page = readPage('docs/explanations.md');
    for (const word of words.filter((word) => word !== 'Invalid' && word !== 'None'))
      expect(page).toContain(`| \`${word}\` |`);
  });
});
