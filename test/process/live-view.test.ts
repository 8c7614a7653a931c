/** The live view of a watch in a real terminal. */
import { describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  rolledBackUpgrade,
  rollingBackUpgrade,
  runningUpgrade,
} from '../support/documents.ts';
import { hideCursor, isCursorShown, runInTerminal, spawnInTerminal } from '../support/pseudo-terminal.ts';
import { answerError, answerWith, type Script, startGateway } from '../support/scripted-gateway.ts';

describe('the live view of one deployment', () => {
  const answerCompleted = answerWith(completedUpgrade);
  const answerRolledBack = answerWith(rolledBackUpgrade);
  const answerRunning = answerWith(runningUpgrade);
  const quick = ['--watch', '--interval', '200ms'];
  const beginFrame = '\u001b[?2026h';
  const endFrame = '\u001b[?2026l';
  const splitFrames = (written: string) => written.split(beginFrame).slice(1);
  /** Creates scripts for an upgrade that is in progress until it is finished. */
  function createOngoing(): { scripts: Script[]; finish: () => void } {
    let isRunning = true;
    const script: Script = (response, request) =>
      (isRunning ? answerRunning : answerCompleted)(response, request);
    return { scripts: Array.from({ length: 200 }, () => script), finish: () => (isRunning = false) };
  }

  it('is redrawn in place at most five times a second, and leaves the final table behind', async () => {
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
    expect(written).toContain('rolling forward, UD1');
    expect(splitFrames(written).length).toBeLessThanOrEqual(took / 200 + 2);
    expect(screen[0]).toMatch(/^┌─+┬─+┐$/);
    expect(screen.at(-1)).toMatch(/^└─+┴─+┘$/);
    expect(screen.join('\n')).toContain('RollingForwardCompleted');
    expect(screen.join('\n')).not.toContain('watching for');
    expect(screen.filter((line) => line.includes('┌'))).toHaveLength(1);
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
    expect(written).toContain('4m 00s elapsed');
    expect(written).toContain('4m 01s elapsed');
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
    for (const frame of splitFrames(written)) {
      const [text = ''] = frame.split(endFrame);
      expect(text.split('\n').length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    }
    expect(splitFrames(written).length).toBeGreaterThan(0);
    expect(exitCode).toBe(3);
  });

  it('adapts to a resize, and leaves one intact table behind', async () => {
    const { scripts, finish } = createOngoing();
    let framesAtResize = 0;
    const { screen, exitCode } = await runInTerminal(scripts, {
      argv: quick,
      rows: 60,
      onOutput(written, _, resize) {
        const frameCount = splitFrames(written).length;
        const isWhole = written.endsWith(endFrame);
        if (frameCount >= 4 && isWhole && framesAtResize === 0) {
          framesAtResize = frameCount;
          resize(50, 50);
        }
        if (framesAtResize > 0 && frameCount >= framesAtResize + 4) finish();
      },
    });
    expect(exitCode).toBe(0);
    expect(screen.filter((line) => line.includes('┌'))).toHaveLength(1);
    expect(screen[0]).toHaveLength(50);
    expect(screen.join('\n')).not.toContain('watching for');
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
    expect(written).toMatch(/Contact lost for \d+s: HTTP 503 E_ABORT; \d of 11 tries failed/);
    expect(screen.join('\n')).not.toContain('Contact lost');
  });

  // Windows has no signals.
  const signals = process.platform === 'win32' ? [] : [['SIGTERM', 143] as const, ['SIGHUP', 129] as const];
  it.each([['Ctrl-C', 130] as const, ...signals])(
    'leaves the last state and the command that continues, with the cursor shown, after %s',
    async (signal, code) => {
      const { scripts } = createOngoing();
      let isDone = false;
      const { exitCode, written, screen } = await runInTerminal(scripts, {
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
      expect(text).toContain('rolling forward, UD1');
      expect(text).toContain('The upgrade continues on the cluster.');
      expect(text).toContain('Keep watching: sfcompose upgrade-progress web --watch');
      expect(text).not.toContain('watching for');
      expect(isCursorShown(written)).toBe(true);
    },
  );

  it('shows the cursor again after two quick Ctrl-C', async () => {
    const { scripts } = createOngoing();
    let isDone = false;
    const { written } = await runInTerminal(scripts, {
      argv: quick,
      onOutput(written, press) {
        if (!isDone && written.includes('UD1')) press('\u0003\u0003');
        isDone ||= written.includes('UD1');
      },
    });
    expect(isCursorShown(written)).toBe(true);
  });

  it('leaves the table and the cause below it after a rollback', async () => {
    const { exitCode, screen } = await runInTerminal([answerRunning, answerRolledBack], { argv: quick });
    expect(exitCode).toBe(3);
    const text = screen.join('\n');
    expect(text.indexOf('└')).toBeLessThan(text.indexOf('sfcompose: web: rolled back to v1'));
    expect(text.indexOf('sfcompose: web: rolled back to v1')).toBeLessThan(
      text.indexOf('After fixing the cause, upgrade again'),
    );
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

  it('is an overview with failures first, and leaves one in the order of the command line behind', async () => {
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
    expect(written).toMatch(/3 deployments: .* · watching for \d+s/);
    const text = screen.join('\n');
    expect(text.match(/┌/g)).toHaveLength(1);
    expect(text).not.toContain('watching for');
    expect(text).toMatch(/│ web +│ upgraded .*\n│ mail +│ upgraded .*\n│ api +│ rolled back /);
    expect(written).toMatch(/│ api +│ rolled back [^┌]*│ mail +│ rolling forward [^┌]*│ web +│ upgraded /);
    expect(text.indexOf('└')).toBeLessThan(
      text.indexOf('sfcompose: 3 deployments: 1 rolled back, 2 upgraded.'),
    );
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
    const frames = written
      .split('\u001b[?2026h')
      .slice(1)
      .map((frame) => frame.split('\u001b[?2026l')[0] ?? '');
    for (const frame of frames) expect(frame.split('\n').length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    if (columns === 80 && rows === 12)
      expect(frames.some((frame) => /web7 [\s\S]*and 5\d more: 5\d rolling forward/.test(frame))).toBe(true);
  });

  it('leaves the overview and the command that continues after Ctrl-C', async () => {
    let isDone = false;
    const { exitCode, screen } = await runInTerminal(
      createScripts(() => runningUpgrade, 1000),
      {
        argv: ['api', ...quick],
        onOutput(written, press) {
          if (!isDone && written.includes('2 rolling forward')) press('\u0003');
          isDone ||= written.includes('2 rolling forward');
        },
      },
    );
    expect(exitCode).toBe(130);
    const text = screen.join('');
    expect(text).toContain(
      'Stopped by Ctrl-C. 2 deployments: 2 interrupted. Upgrades that have not ended continue on the cluster.',
    );
    expect(text).toContain('Keep watching: sfcompose upgrade-progress web api --watch');
    expect(text).toMatch(/│ web +│ rolling forward .*│ api +│ rolling forward /);
  });
});
