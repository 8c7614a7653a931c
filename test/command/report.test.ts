/** Reports of watches: their files, and the transcripts of whole ones. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkReplaceable } from '../../src/platform/node-safe-files.ts';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { act } from '../support/acting.ts';
import { completedUpgrade, rolledBackUpgrade, runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { findReportHarm, listElements, listTexts, parseReport } from '../support/report-html.ts';
import { createTestTime, type Run, type RunOptions, run } from '../support/run.ts';
import { answerError, answerWith, repeat, type Script, startGateway } from '../support/scripted-gateway.ts';
import { createSharedTime } from '../support/shared-time.ts';
import { startSimulatedCluster, startTime } from '../support/simulated-cluster.ts';

interface ReportCase {
  readonly file: string;
  readonly scenario: ScenarioName;
  readonly names?: readonly string[];
  readonly argv?: readonly string[];
}

/** Watches simulated upgrades from their tenth second on. @returns the run, without the port */
async function watchSimulated(
  { file, scenario, names = ['web'], argv = [] }: ReportCase,
  options: RunOptions = {},
): Promise<Run & { readonly report: string }> {
  const time = names.length > 1 ? createSharedTime() : createTestTime();
  time.set(startTime + 10_000 - time.clock.now());
  const monotonic = () => 10_000 + time.clock.monotonic();
  const cluster = await startSimulatedCluster(scenario, {
    names: names.filter((name) => name !== 'wbe'),
    clock: { now: () => startTime, monotonic, sleep: async () => {} },
  });
  const command = ['watch', ...names, '-q', '--report', file, '-e', cluster.url, ...argv];
  const ended = await run(command, { ...options, time });
  const report = (ended.files[file] ?? '').replaceAll(new URL(cluster.url).port, '19080');
  return { ...ended, report };
}

describe('a report', () => {
  it.each<ReportCase>([
    { file: 'report-completed.md', scenario: 'happy' },
    { file: 'report-completed.html', scenario: 'happy' },
    { file: 'report-rolled-back.md', scenario: 'rollback' },
    { file: 'report-rolled-back.html', scenario: 'rollback' },
    { file: 'report-stuck.html', scenario: 'stuck', argv: ['--max-wait', '1h'] },
    { file: 'report-flaky.md', scenario: 'flaky' },
    { file: 'report-several.md', scenario: 'rollback', names: ['web', 'api', 'wbe'] },
    { file: 'report-several.html', scenario: 'rollback', names: ['web', 'api', 'wbe'] },
  ])('is unchanged: $file', async (row) => {
    const { report } = await watchSimulated(row);
    await expect(report).toMatchFileSnapshot(`../golden/${row.file}`);
  });
});

/** Watches a scripted gateway. */
async function watch(scripts: readonly Script[], argv: readonly string[] = [], options: RunOptions = {}) {
  const gateway = await startGateway(...scripts);
  return run(['watch', 'web', '-e', gateway.url, '--report', 'report.md', ...argv], options);
}

const running = answerWith(runningUpgrade);

describe('the report of a watch', () => {
  it.each([
    {
      end: 'a success',
      scripts: [running, answerWith(completedUpgrade)],
      argv: [],
      verdict: '\u2705 **Upgraded**\n\ncompleted, exit code 0\n',
      code: 0,
    },
    {
      end: 'a rollback',
      scripts: [running, answerWith(rolledBackUpgrade)],
      argv: [],
      verdict: '\u274c **Rolled back to v1**\n\nrolled-back, exit code 3\n',
      code: 3,
    },
    {
      end: 'a time-out',
      scripts: repeat(running),
      argv: ['--max-wait', '30s'],
      verdict: '\u26a0 **Stopped watching after 30s',
      code: 124,
    },
    {
      end: 'a failed read',
      scripts: [answerError(403, 'E_ACCESSDENIED')],
      argv: [],
      verdict: 'unauthorized, exit code 7\n',
      code: 7,
    },
  ])('tells $end', async ({ scripts, argv, verdict, code }) => {
    const { exitCode, files } = await watch(scripts, argv);
    expect(files['report.md']).toContain(verdict);
    expect(exitCode).toBe(code);
  });

  it('tells what was seen before Ctrl-C', async () => {
    const interrupt = new AbortController();
    const pressing: Script = (response, request) => {
      interrupt.abort('SIGINT');
      running(response, request);
    };
    const { exitCode, files } = await watch([running, pressing], [], { interrupt: interrupt.signal });
    expect(exitCode).toBe(130);
    expect(files['report.md']).toContain('Stopped by Ctrl-C. The upgrade continues on the cluster.');
    expect(files['report.md']).toContain('UD1');
  });

  it('is written although the reader of stdout is gone', async () => {
    const closer = new AbortController();
    const closing: Script = (response, request) => {
      closer.abort('reader-gone');
      running(response, request);
    };
    const { exitCode, files } = await watch([running, closing], [], { stdoutClosed: closer.signal });
    expect(exitCode).toBe(141);
    expect(files['report.md']).toContain(
      'Stopped watching, because the output was closed. The upgrade continues on the cluster.',
    );
    expect(files['report.md']).toContain('interrupted, exit code 141');
  });

  it('changes neither the verdict nor the output if it cannot be written', async () => {
    const fails = async () => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    const { exitCode, stdout, stderr } = await watch([answerWith(completedUpgrade)], ['-o', 'json'], {
      replaceFile: fails,
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(completedUpgrade);
    expect(stderr).toContain('sfcompose: The report report.md could not be written: the disk is full.\n');
  });

  it('tells lost contact, and when it came back', async () => {
    const busy = answerError(503, 'E_BUSY');
    const { files } = await watch([running, busy, busy, answerWith(completedUpgrade)]);
    expect(files['report.md']).toMatch(
      /^\| No usable response from the cluster&#58; HTTP 503 E&#95;BUSY\. \|/m,
    );
  });

  it('names no secret', async () => {
    const token = 'eyJhbGciOiJub25lIn0.eyJleHAiOjQwMDAwMDAwMDB9.c2VjcmV0';
    const { files } = await watch([answerWith(completedUpgrade)], [], { env: { SFCOMPOSE_TOKEN: token } });
    expect(files['report.md']).toContain('| Token | a bearer token |');
    expect(files['report.md']).not.toContain(token);
  });

  it('is a page that any program can read', async () => {
    const { report } = await watchSimulated({ file: 'report.html', scenario: 'rollback' });
    expect(findReportHarm(report)).toEqual([]);
    const root = parseReport(report);
    expect(listTexts(root, 'h1')).toEqual(['Upgrade of web']);
    expect(listTexts(root, 'h2').slice(0, 4)).toEqual(['Why', 'Timeline', 'Waits', 'Next steps']);
    const [policy] = listElements(root).filter((one) => one.getAttribute('http-equiv') !== null);
    expect(policy?.getAttribute('content')).toBe("default-src 'none'; style-src 'unsafe-inline'");
    const [drawing] = [...root.getElementsByTagName('svg')];
    expect(drawing?.getAttribute('role')).toBe('img');
    const title = listElements(root).find(
      (one) => one.getAttribute('id') === drawing?.getAttribute('aria-labelledby'),
    );
    expect(title?.textContent).toBe('Timeline of web');
    expect([...root.getElementsByTagName('rect')].map((one) => one.getAttribute('class'))).toEqual([
      ...['track', 'forward', 'back'],
      ...['track', 'failed', 'back'],
      'track',
    ]);
  });
});

describe('the report of a command that acts', () => {
  const argv = ['upgrade', 'web', '-f', '-', '--watch', '--report', 'report.md'];

  it('is about the upgrade that was started', async () => {
    const { exitCode, files } = await act('never-upgraded', 0, argv);
    expect(exitCode).toBe(0);
    expect(files['report.md']).toContain('| Versions | v1 &#8594; v2 |');
  });

  it('is not about the upgrade that was waited for', async () => {
    const { exitCode, files } = await act('rollback', 600, [...argv, '--wait-for-current', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(files).toEqual({});
  });

  it('is not written if nothing was started', async () => {
    const { exitCode, files } = await act('happy', 300, argv);
    expect(exitCode).toBe(11);
    expect(files).toEqual({});
  });
});

describe('the path of a report', () => {
  it.each([
    {
      argv: ['watch', 'web', '--report', 'report.pdf'],
      error: 'Invalid --report "report.pdf": use a path that ends in .md or .html.',
    },
    { argv: ['status', 'web', '--report', 'report.md'], error: '--report needs --watch.' },
    {
      argv: ['upgrade', 'web', '-f', '-', '--report', 'report.md', '--wait-for-current'],
      error: '--report needs --watch.',
    },
    { argv: ['rollback', 'web', '--report', 'report.md'], error: '--report needs --watch.' },
    {
      argv: ['watch', 'web', '--report', 'nowhere/report.md'],
      error: '--report "nowhere/report.md" cannot be written: its folder does not exist.',
    },
  ])('is refused before anything is sent: $argv', async ({ argv, error }) => {
    const gateway = await startGateway();
    const { exitCode, stderr } = await run([...argv, '-e', gateway.url], { checkReplaceable });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(error);
    expect(gateway.requests).toEqual([]);
  });

  it('is refused where it names a folder, or one that nobody can write to', async () => {
    const folder = createFolder({ file: '' });
    mkdirSync(join(folder, 'folder.md'));
    await expect(checkReplaceable(join(folder, 'folder.md'))).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(checkReplaceable(join(folder, 'file/report.md'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(checkReplaceable(join(folder, 'report.md'))).resolves.toBeUndefined();
  });
});
