/** The live view of a watch in a real terminal. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  rolledBackUpgrade,
  rollingBackUpgrade,
  runningUpgrade,
} from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { stripColors } from '../support/hostile-text.ts';
import { createEnvironment } from '../support/program.ts';
import {
  beginFrame,
  hideCursor,
  isCursorShown,
  runInTerminal,
  spawnInTerminal,
  splitFrames,
  startShell,
} from '../support/pseudo-terminal.ts';
import { answerError, answerWith, type Script, startGateway } from '../support/scripted-gateway.ts';

/** Crashes as a bug would: by an error that nothing catches. */
const crashOnSignal = `process.on('SIGUSR2', () => { throw new Error('a crash on purpose'); });`;

/** Checks that the cursor is shown, and that the terminal echoes what is typed and sends signals. */
function expectRestored(written: string, modes: string): void {
  expect(isCursorShown(written)).toBe(true);
  if (process.platform === 'win32') return;
  for (const mode of ['echo', 'icanon', 'isig', 'icrnl'])
    expect(modes).toMatch(new RegExp(`(?<!-)\\b${mode}\\b`));
}

/** Masks ports, which have five digits. */
function maskPorts(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/(?<=127\.0\.0\.1:)\d{5}/, 'nnnnn'));
}

describe('the live view of one deployment', () => {
  const answerCompleted = answerWith(completedUpgrade);
  const answerRolledBack = answerWith(rolledBackUpgrade);
  const answerRunning = answerWith(runningUpgrade);
  const quick = ['--watch', '--interval', '200ms'];
  /** Creates scripts for an upgrade that is in progress until it is finished. */
  function createOngoing(): { scripts: Script[]; finish: () => void } {
    let isRunning = true;
    const script: Script = (response, request) =>
      (isRunning ? answerRunning : answerCompleted)(response, request);
    return { scripts: Array.from({ length: 200 }, () => script), finish: () => (isRunning = false) };
  }

  it('is redrawn in place at most five times a second, and leaves the final screen behind', async () => {
    const { scripts, finish } = createOngoing();
    const { exitCode, written, took, screen } = await runInTerminal(scripts, {
      argv: quick,
      onOutput(written) {
        // Enough frames to notice too many of them, although the time includes the start.
        if (splitFrames(written).length >= 12) finish();
      },
    });
    expect(exitCode).toBe(0);
    expect(written).toContain('Reading the upgrade of web');
    expect(stripColors(written)).toContain('rolling forward   UD1');
    expect(splitFrames(written).length).toBeLessThanOrEqual(took / 200 + 2);
    expect(screen[0]).toMatch(/^✓ web upgraded to v2 in 4m 00s +127\.0\.0\.1:\d+$/);
    expect(screen.join('\n')).not.toMatch(/rolling forward|stops watching/);
    expect(screen.join('\n').match(/web upgraded/g)).toHaveLength(1);
    expect(isCursorShown(written)).toBe(true);
  });

  it('has clocks that tick between two reads', async () => {
    const { scripts, finish } = createOngoing();
    const { written } = await runInTerminal(scripts, {
      argv: ['--watch', '--interval', '3s'],
      onOutput(written) {
        if (/read 1s ago/.test(written)) finish();
      },
    });
    expect(written).toContain('4m 00s of ');
    expect(written).toContain('4m 01s of 2h');
  });

  it.each([
    [80, 10],
    [80, 3],
    [30, 8],
    [1, 1],
  ])('fits %i columns and %i rows', async (columns, rows) => {
    const back = answerWith(rollingBackUpgrade);
    const { written, exitCode } = await runInTerminal([back, back, back, back, answerRolledBack], {
      argv: quick,
      columns,
      rows,
    });
    for (const lines of splitFrames(written)) expect(lines.length).toBeLessThan(rows);
    expect(splitFrames(written).length > 0).toBe(rows > 1);
    expect(exitCode).toBe(3);
  });

  it.each([
    ['narrower', 80, 50],
    ['wider', 50, 100],
  ])('adapts to a terminal that becomes %s, and leaves one intact table behind', async (_, before, after) => {
    const { scripts, finish } = createOngoing();
    let framesAtResize = 0;
    const { screen, exitCode } = await runInTerminal(scripts, {
      argv: quick,
      columns: before,
      rows: 60,
      onOutput(written, _, resize) {
        const frames = splitFrames(written);
        if (frames.length >= 4 && framesAtResize === 0 && frames.some((lines) => lines.length > 2)) {
          framesAtResize = frames.length;
          resize(after, 50);
        }
        if (framesAtResize > 0 && frames.length >= framesAtResize + 4) finish();
      },
    });
    expect(exitCode).toBe(0);
    const unresized = await runInTerminal([answerRunning, answerCompleted], { argv: quick, columns: after });
    expect(maskPorts(screen)).toEqual(maskPorts(unresized.screen));
  });

  it('shows lost contact until it is regained', async () => {
    const busy = answerError(503, 'E_ABORT');
    let isSeen = false;
    const answerBusyUntilSeen: Script = (response, request) =>
      (isSeen ? answerCompleted : busy)(response, request);
    const { exitCode, written, screen } = await runInTerminal(
      [answerRunning, ...Array(10).fill(answerBusyUntilSeen)],
      {
        argv: quick,
        onOutput(written) {
          isSeen ||= written.includes('Contact lost');
        },
      },
    );
    expect(exitCode).toBe(0);
    expect(written).toMatch(/Contact lost for \d+s: HTTP 503 E_ABORT \(\d of 11 attempts failed\)/);
    expect(screen.join('\n')).not.toContain('Contact lost');
  });

  // Windows has no signals.
  const signals = process.platform === 'win32' ? [] : [['SIGTERM', 143] as const, ['SIGHUP', 129] as const];
  it.each([['Ctrl-C', 130] as const, ...signals])(
    'leaves the last state and the command that continues, with the cursor shown, after %s',
    async (signal, code) => {
      const { scripts } = createOngoing();
      let isDone = false;
      const { exitCode, written, screen, modes } = await runInTerminal(scripts, {
        argv: quick,
        onOutput(written, press, _, kill) {
          if (isDone || !written.includes('UD1')) return;
          isDone = true;
          if (signal === 'Ctrl-C') press('\u0003');
          else kill(signal);
        },
      });
      expect(exitCode).toBe(code);
      const text = screen.join('\n');
      expect(text).toContain('rolling forward   UD1');
      expect(text).toContain('The upgrade continues on the cluster.');
      expect(text).toMatch(/Keep watching\s+sfcompose upgrade-progress web --watch/);
      expect(text).not.toContain('watching for');
      expect(text).not.toContain('^C');
      expectRestored(written, modes);
    },
  );

  it('restores the terminal after two quick Ctrl-C', async () => {
    const { scripts } = createOngoing();
    let isDone = false;
    const { written, modes } = await runInTerminal(scripts, {
      argv: quick,
      onOutput(written, press) {
        if (!isDone && written.includes('UD1')) press('\u0003\u0003');
        isDone ||= written.includes('UD1');
      },
    });
    expectRestored(written, modes);
  });

  it('leaves the screen with its cause, and tells nothing twice, after a rollback', async () => {
    const { exitCode, screen } = await runInTerminal([answerRunning, answerRolledBack], { argv: quick });
    expect(exitCode).toBe(3);
    const text = screen.join('\n');
    expect(text).toMatch(/^✗ web was rolled back to v1 in /);
    expect(text.match(/exited\s+with\s+code/g)).toHaveLength(1);
    expect(text).toContain('After fixing the cause, upgrade again');
    expect(text).not.toContain('sfcompose: web');
  });

  it('ignores Enter, letters and arrows, and echoes none of them', async () => {
    const { scripts, finish } = createOngoing();
    const typed = '\rxyz\u001b[A\u001b[B\u0004\u0013\r';
    let framesAtKeys = 0;
    const { exitCode, written, screen, modes } = await runInTerminal(scripts, {
      argv: quick,
      onOutput(written, press) {
        const { length } = splitFrames(written);
        if (framesAtKeys === 0 && length >= 2) {
          framesAtKeys = length;
          press(typed);
        }
        if (framesAtKeys > 0 && length >= framesAtKeys + 4) finish();
      },
    });
    expect(exitCode).toBe(0);
    expect(written).not.toMatch(/xyz|\^/);
    const untouched = await runInTerminal([answerRunning, answerCompleted], { argv: quick });
    expect(maskPorts(screen)).toEqual(maskPorts(untouched.screen));
    expectRestored(written, modes);
  });

  it('ends on q like on Ctrl-C, and says so', async () => {
    const { scripts } = createOngoing();
    let isDone = false;
    const { exitCode, written, screen, modes } = await runInTerminal(scripts, {
      argv: quick,
      onOutput(written, press) {
        if (!isDone && splitFrames(written).length >= 2) press('q');
        isDone ||= splitFrames(written).length >= 2;
      },
    });
    expect(exitCode).toBe(130);
    expect(screen.join('\n')).toContain('sfcompose: Stopped by q.');
    expectRestored(written, modes);
  });

  // Windows has no signals.
  it.skipIf(process.platform === 'win32')('leaves its error alone on the screen after a crash', async () => {
    const { scripts } = createOngoing();
    let isDone = false;
    const { exitCode, written, screen, modes } = await runInTerminal(scripts, {
      argv: quick,
      env: { NODE_OPTIONS: `--require ${join(createFolder({ 'crash.cjs': crashOnSignal }), 'crash.cjs')}` },
      onOutput(written, _press, _resize, kill) {
        if (!isDone && splitFrames(written).length >= 2) kill('SIGUSR2');
        isDone ||= splitFrames(written).length >= 2;
      },
    });
    expect(exitCode).toBe(1);
    expect(screen.join('\n')).toContain('a crash on purpose');
    expect(screen.join('\n')).not.toMatch(/RollingForward|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
    expectRestored(written, modes);
  });

  it.each([{ TERM: 'dumb' }, { CI: 'true' }, { GITHUB_ACTIONS: 'true' }])(
    'is replaced by lines with %j',
    async (env) => {
      const { written, exitCode } = await runInTerminal([answerRunning, answerCompleted], {
        argv: quick,
        env,
      });
      expect(splitFrames(written)).toEqual([]);
      expect(written).not.toContain(hideCursor);
      expect(written).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z web to v2: rolling forward/);
      expect(exitCode).toBe(0);
    },
  );

  // Windows has no stty.
  it.skipIf(process.platform === 'win32')('is replaced by lines on a terminal with 0 columns', async () => {
    const gateway = await startGateway(answerRunning, answerCompleted);
    const command = `stty cols 0; exec "${process.execPath}" bin/sfcompose.js upgrade-progress web -e ${gateway.url} ${quick.join(' ')}`;
    const child = spawnInTerminal('sh', ['-c', command], {
      env: { PATH: process.env['PATH'], TERM: 'xterm-256color' },
    });
    let written = '';
    child.onData((data) => {
      written += data;
    });
    const exitCode = await new Promise<number>((resolve) => child.onExit((exit) => resolve(exit.exitCode)));
    expect(written).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z web to v2: rolling forward/);
    expect(written).not.toContain(hideCursor);
    expect(exitCode).toBe(0);
  });
});

describe('the live view of many deployments', () => {
  const quick = ['--watch', '--interval', '200ms', '--no-domains'];

  /** Creates scripts that answer with a document by name, and after that many reads with a completed upgrade. */
  function createScripts(document: (name: string) => object, reads: number): Script[] {
    let count = 0;
    const script: Script = (response, request) => {
      const name = /Deployments\/([^/]+)/.exec(request.url ?? '')?.[1] ?? '';
      const own = count++ < reads ? document(name) : completedUpgrade;
      answerWith({ ...own, DeploymentName: name })(response, request);
    };
    return Array.from({ length: reads + 1000 }, () => script);
  }

  it('is an overview in the order of the command line, and leaves one behind', async () => {
    const scripts = createScripts(
      (name) => ({ web: completedUpgrade, api: rolledBackUpgrade })[name] ?? runningUpgrade,
      8,
    );
    const { exitCode, written, screen } = await runInTerminal(scripts, {
      deployment: 'web',
      argv: ['mail', 'api', ...quick],
      env: { NO_COLOR: '1' },
    });
    expect(exitCode).toBe(3);
    expect(written).toMatch(/read \d+s ago, .* · Ctrl-C stops watching, not the upgrades/);
    const text = screen.join('\n');
    expect(text.match(/3 deployments/g)).toHaveLength(1);
    expect(text).not.toContain('stops watching');
    expect(text).toMatch(/✓ web +.* upgraded .*\n +✓ mail +.* upgraded .*\n +✗ api +.* rolled back /);
    expect(written).toMatch(/✓ web [^✓●]*● mail [^✓●]*rolling forward [^✓●]*✗ api +.* rolled back /);
    // Both streams are this terminal, which has seen the cause.
    expect(text.match(/exited\s+with\s+code/g)).toHaveLength(1);
    expect(text).not.toContain('sfcompose: 3 deployments');
    expect(isCursorShown(written)).toBe(true);
  });

  it.each([
    [80, 12],
    [30, 8],
    [80, 3],
    [1, 1],
  ])('fits 60 deployments into %i columns and %i rows, and counts the rest', async (columns, rows) => {
    const names = Array.from({ length: 59 }, (_, number) => `web${number}`);
    const scripts = createScripts((name) => (name === 'web7' ? rolledBackUpgrade : runningUpgrade), 300);
    const { written, exitCode } = await runInTerminal(scripts, {
      columns,
      rows,
      argv: [...names, ...quick],
    });
    expect(exitCode).toBe(3);
    const frames = splitFrames(written);
    for (const lines of frames) expect(lines.length).toBeLessThan(Math.max(rows, 2));
    if (columns === 80 && rows === 12)
      expect(frames.some((lines) => /web7 [\s\S]*and 5\d more: 5\d upgrading/.test(lines.join('\n')))).toBe(
        true,
      );
  });

  it('leaves the overview and the command that continues after Ctrl-C', async () => {
    let isDone = false;
    const { exitCode, screen } = await runInTerminal(
      createScripts(() => runningUpgrade, 1000),
      {
        argv: ['api', ...quick],
        onOutput(written, press) {
          if (!isDone && written.includes('2 upgrading')) press('\u0003');
          isDone ||= written.includes('2 upgrading');
        },
      },
    );
    expect(exitCode).toBe(130);
    const text = screen.join('');
    expect(text).toMatch(
      /Stopped by Ctrl-C\. 2 deployments: 2 interrupted\. Upgrades that have\s+not ended continue/,
    );
    expect(text).toMatch(/Keep watching +sfcompose upgrade-progress web api --watch/);
    expect(text).toMatch(/● web .*rolling forward .*● api .*rolling forward /);
  });
});

// Windows has no job control.
describe.skipIf(process.platform === 'win32')('a live view in a shell', () => {
  it('gives the terminal to the shell on Ctrl-Z, and goes on with fg', async () => {
    const running = answerWith(runningUpgrade);
    const gateway = await startGateway(...Array.from({ length: 1000 }, () => running));
    const { type } = startShell(
      'bash',
      ['--norc', '--noprofile', '-i'],
      createEnvironment({ PS1: 'shell> ' }),
      '.',
    );
    await type('', 'shell> ');
    const command = `"${process.execPath}" bin/sfcompose.js upgrade-progress web --watch --interval 200ms -e ${gateway.url}`;
    await type(`${command}\r`, 'rolling forward');
    const stopped = await type('\u001a', 'shell> ');
    expect(stopped).toMatch(/Stopped/);
    expectRestored(stopped, await type('stty -a\r', 'extproc'));
    expect(await type('fg\r', beginFrame)).toContain(hideCursor);
    expect(await type('\r\rxyz', beginFrame)).not.toContain('xyz');
    const ended = await type('q', 'shell> ');
    expect(ended).toContain('Stopped by q.');
    expectRestored(ended, await type('stty -a\r', 'extproc'));
  });
});
