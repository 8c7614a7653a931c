/**
 * README and docs match the program. `npm run docs` makes transcripts, generated tables and the picture anew: review
 * the difference.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import parseWords from 'string-argv';
import { describe, expect, it } from 'vitest';
import { findCommand, listAllCommands } from '../../src/cli/command-tree.ts';
import { createProgram } from '../../src/cli/program.ts';
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
  parseScene,
  readPage,
  recordLiveView,
  refreshPage,
  runScene,
  terminalSize,
} from '../support/documentation.ts';
import { listAnchors, listLinks } from '../support/links.ts';
import { parseRecords } from '../support/printed-output.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';
import { drawSvg } from '../support/terminal-svg.ts';

const readme = readPage('README.md');

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
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(10_240);
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

/** Lists the command lines in scripts and workflows, without their first word. */
function listCommands(text: string): readonly string[] {
  const blocks = [...text.matchAll(/```(?:sh|yaml)\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const lines = blocks.join('\n').replaceAll('\\\n', ' ').split('\n');
  const commands = lines.flatMap(
    (line) => line.match(/(?<=(?:^|[(&]|--yes|if) *)sfcompose (?:'[^']*'|"[^"]*"|[^|;&)#'"])+/g) ?? [],
  );
  return [...new Set(commands.map((command) => command.slice('sfcompose '.length).trim()))];
}

describe('the picture of the live view', () => {
  it('is current', async () => {
    const frames = await recordLiveView('watch web', 'happy, for 334 s');
    const screen = `$ sfcompose watch web\n\n${frames}`;
    const title =
      'The live view of an upgrade: a bar, a row for each upgrade domain with its nodes and times';
    await expect(await drawSvg(screen, terminalSize, title)).toMatchFileSnapshot('../../docs/live-view.svg');
  });

  it('is small, and refers to nothing outside', async () => {
    const picture = await drawSvg('\u001b[31m<a href="x">&\u001b[0m', terminalSize, '<title>');
    expect(picture).toContain('class="c1">&lt;a href="x"&gt;&amp;</text>');
    expect(picture).toContain('<title>&lt;title&gt;</title>');
    const current = readFileSync('docs/live-view.svg', 'utf8');
    expect(current.length).toBeLessThan(10_000);
    expect(current.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /href|url\(|https?:|<script/,
    );
  });
});

describe('the docs', () => {
  // A program keeps the options that it has parsed.
  const create = () =>
    createProgram({ stdout: {}, env: {} } as unknown as Parameters<typeof createProgram>[0], () => {});
  const text = pages.map(readPage).join('\n');

  it.each(listCommands(text))('have commands that the command line takes: sfcompose %s', (line) => {
    const { command, rest } = findCommand(create(), parseWords(line));
    expect(command.parent, line).not.toBeNull();
    expect(command.parseOptions([...rest]).unknown).toEqual([]);
  });

  it('have requests that a cluster takes', async () => {
    const cluster = await startSimulatedCluster('never-upgraded');
    const [block = ''] = text.match(/(?<=```sh\nurl=.*\n)[\s\S]*?(?=```)/) ?? [];
    const requests = parseWords(block.replaceAll('\\$', '$').replaceAll('$url', ''))
      .join('\n')
      .split(/^curl\n/m)
      .slice(1)
      .map((request) => /^(?:-X\n(\w+)\n)?(.*)(?:\n-d\n([\s\S]*))?\n?$/.exec(request) ?? []);
    const results: string[] = [];
    for (const [, verb = 'GET', path = '', body] of requests) {
      const { status, text } = await cluster.send(verb, path, body?.trim());
      results.push(`${status} ${status < 400 ? '' : JSON.parse(text).Error.Code}`.trim());
    }
    // Nothing can be resumed yet: the new version is still being provisioned.
    expect(results).toEqual(['202', '200', '400 FABRIC_E_APPLICATION_NOT_UPGRADING', '200', '200']);
  });

  it('name options that exist', () => {
    const own = listAllCommands(create()).flatMap(({ options }) => options.map(({ long }) => long));
    const known = [...own, '--help', '--version'];
    // Options of npm, npx, Node.js and sfctl.
    const foreign = [
      '--yes',
      '--global',
      '--use-system-ca',
      '--upgrade-mode',
      '--replica-set-check',
      '--application-id',
    ];
    const named = [...text.matchAll(/`[^`\n]*`/g)].flatMap(([code]) => code.match(/--[a-z][a-z-]+/g) ?? []);
    expect([...new Set(named)].filter((option) => ![...known, ...foreign].includes(option))).toEqual([]);
  });

  it('name variables and files that exist', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join('src', file), 'utf8'))
      .join('\n');
    for (const [variable] of text.matchAll(/SFCOMPOSE_[A-Z_]+[A-Z]/g)) expect(sources).toContain(variable);
    for (const [, path = ''] of text.matchAll(/`((?:src|test|build|bin|docs)\/[^`\s]*)`/g))
      expect(existsSync(path), path).toBe(true);
  });

  it.each([
    'upgrade-progress web -o ndjson',
    'upgrade-progress web wbe --exit-status -o ndjson',
    'list -o ndjson',
    'connection -o ndjson',
    'history web -o ndjson',
  ])('list the members of each record of %s', async (command) => {
    const page = readPage('docs/scripting.md');
    const { text } = await runScene(command, parseScene('stuck, after 3600 s'));
    const records = parseRecords(text.slice(0, text.lastIndexOf('}\n') + 2));
    for (const record of records) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${record.type}\` |`));
      for (const member of Object.keys(record))
        if (!['type', 'time', 'schema'].includes(member)) expect(row).toContain(`\`${member}\``);
      for (const finding of record.findings ?? [])
        for (const member of Object.keys(finding)) expect(page).toContain(`| \`${member}\` |`);
    }
  });

  it('list the members of the report on a connection', async () => {
    const { text } = await runScene('connection -o json', parseScene('happy'));
    const page = readPage('docs/scripting.md');
    for (const member of Object.keys(JSON.parse(text))) expect(page).toContain(`\`${member}\``);
  });

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
