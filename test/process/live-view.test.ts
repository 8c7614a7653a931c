/** What a person sees of a watch. */
import { describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  rolledBackUpgrade,
  rollingBackUpgrade,
  runningUpgrade,
} from '../support/documents.ts';
import { hideCursor, isCursorShown, runInTerminal, spawnInTerminal } from '../support/pseudo-terminal.ts';
import { answerError, answerWith, type Script, startGateway } from '../support/scripted-gateway.ts';

describe('a watch on a terminal', () => {
  const completed = answerWith(completedUpgrade);
  const rolledBack = answerWith(rolledBackUpgrade);
  const forward = answerWith(runningUpgrade);
  const quick = ['--watch', '--interval', '200ms'];
  const beginFrame = '\u001b[?2026h';
  const endFrame = '\u001b[?2026l';
  const frames = (written: string) => written.split(beginFrame).slice(1);
  /** The upgrade goes on until it is let go. */
  function goingOn(): { scripts: Script[]; letGo: () => void } {
    let goesOn = true;
    const script: Script = (response, request) => (goesOn ? forward : completed)(response, request);
    return { scripts: Array.from({ length: 200 }, () => script), letGo: () => (goesOn = false) };
  }

  it('is redrawn in place, at most five times a second, and leaves the final table behind', async () => {
    const { scripts, letGo } = goingOn();
    const { exitCode, written, took, screen } = await runInTerminal(scripts, {
      argv: quick,
      onOutput(sofar) {
        // So many that the time for starting, which counts as well, hides no faster drawing.
        if (frames(sofar).length >= 12) letGo();
      },
    });
    expect(exitCode).toBe(0);
    expect(written).toContain('Reading the upgrade of web');
    expect(written).toContain('rolling forward, upgrade domain UD1');
    expect(frames(written).length).toBeLessThanOrEqual(took / 200 + 2);
    expect(screen[0]).toMatch(/^┌─+┬─+┐$/);
    expect(screen.at(-1)).toMatch(/^└─+┴─+┘$/);
    expect(screen.join('\n')).toContain('RollingForwardCompleted');
    expect(screen.join('\n')).not.toContain('watching for');
    expect(screen.filter((line) => line.includes('┌'))).toHaveLength(1);
    expect(isCursorShown(written)).toBe(true);
  });

  it('its clocks tick between two reads', async () => {
    const { scripts, letGo } = goingOn();
    const { written } = await runInTerminal(scripts, {
      argv: ['--watch', '--interval', '3s'],
      onOutput(sofar) {
        if (/read 1s ago/.test(sofar)) letGo();
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
    const { written, exitCode } = await runInTerminal([back, back, back, back, rolledBack], {
      argv: quick,
      columns,
      rows,
    });
    for (const frame of frames(written)) {
      const [text = ''] = frame.split(endFrame);
      expect(text.split('\n').length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    }
    expect(frames(written).length).toBeGreaterThan(0);
    expect(exitCode).toBe(3);
  });

  it('follows a resize, and leaves nothing torn behind', async () => {
    const { scripts, letGo } = goingOn();
    let resized = 0;
    const { screen, exitCode } = await runInTerminal(scripts, {
      argv: quick,
      rows: 60,
      onOutput(sofar, _, resize) {
        const drawn = frames(sofar).length;
        const isWhole = sofar.endsWith(endFrame);
        if (drawn >= 4 && isWhole && resized === 0) {
          resized = drawn;
          resize(50, 50);
        }
        if (resized > 0 && drawn >= resized + 4) letGo();
      },
    });
    expect(exitCode).toBe(0);
    expect(screen.filter((line) => line.includes('┌'))).toHaveLength(1);
    expect(screen[0]).toHaveLength(50);
    expect(screen.join('\n')).not.toContain('watching for');
  });

  it('says when contact is lost, and goes on when it is regained', async () => {
    const busy = answerError(503, 'E_ABORT');
    let isSeen = false;
    const faltering: Script = (response, request) => (isSeen ? completed : busy)(response, request);
    const { exitCode, written, screen } = await runInTerminal([forward, ...Array(10).fill(faltering)], {
      argv: quick,
      onOutput(sofar) {
        isSeen ||= sofar.includes('Contact lost');
      },
    });
    expect(exitCode).toBe(0);
    expect(written).toMatch(/Contact lost for \d+s: HTTP 503 E_ABORT; \d of 11 tries failed/);
    expect(screen.join('\n')).not.toContain('Contact lost');
  });

  // Windows has no signals to send.
  const signals = process.platform === 'win32' ? [] : [['SIGTERM', 143] as const, ['SIGHUP', 129] as const];
  it.each([['Ctrl-C', 130] as const, ...signals])(
    '%s leaves the last state, shows the cursor again, and says how to watch on',
    async (signal, code) => {
      const { scripts } = goingOn();
      let isDone = false;
      const { exitCode, written, screen } = await runInTerminal(scripts, {
        argv: quick,
        onOutput(sofar, press, _, kill) {
          if (isDone || !sofar.includes('UD1')) return;
          isDone = true;
          if (signal === 'Ctrl-C') press('\u0003');
          else kill(signal);
        },
      });
      expect(exitCode).toBe(code);
      const text = screen.join('\n');
      expect(text).toContain('rolling forward, upgrade domain UD1');
      expect(text).toContain('The upgrade itself goes on.');
      expect(text).toContain('Watch on: sfcompose upgrade-progress web --watch');
      expect(text).not.toContain('watching for');
      expect(isCursorShown(written)).toBe(true);
    },
  );

  it('twice Ctrl-C in one breath shows the cursor again as well', async () => {
    const { scripts } = goingOn();
    let isDone = false;
    const { written } = await runInTerminal(scripts, {
      argv: quick,
      onOutput(sofar, press) {
        if (!isDone && sofar.includes('UD1')) press('\u0003\u0003');
        isDone ||= sofar.includes('UD1');
      },
    });
    expect(isCursorShown(written)).toBe(true);
  });

  it('an end that is none of the best leaves the table, and the cause below it', async () => {
    const { exitCode, screen } = await runInTerminal([forward, rolledBack], { argv: quick });
    expect(exitCode).toBe(3);
    const text = screen.join('\n');
    expect(text.indexOf('└')).toBeLessThan(text.indexOf('sfcompose: web: rolled back to v1'));
    expect(text.indexOf('sfcompose: web: rolled back to v1')).toBeLessThan(
      text.indexOf('Upgrade again when that is mended'),
    );
  });

  it.each([{ TERM: 'dumb' }, { CI: 'true' }, { GITHUB_ACTIONS: 'true' }])(
    'has lines with %j',
    async (env) => {
      const { written, exitCode } = await runInTerminal([forward, completed], { argv: quick, env });
      expect(frames(written)).toEqual([]);
      expect(written).not.toContain(hideCursor);
      expect(written).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z web to v2: rolling forward/);
      expect(exitCode).toBe(0);
    },
  );

  // There is no stty elsewhere.
  it.skipIf(process.platform === 'win32')('has lines on a terminal of 0 columns', async () => {
    const gateway = await startGateway(forward, completed);
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

describe('a watch of several on a terminal', () => {
  const quick = ['--watch', '--interval', '200ms', '--no-domains'];

  /** Each says by its name how it stands, and that it is done once all have been asked often enough. */
  function cluster(document: (name: string) => object, often: number): Script[] {
    let asked = 0;
    const script: Script = (response, request) => {
      const name = /Deployments\/([^/]+)/.exec(request.url ?? '')?.[1] ?? '';
      const own = asked++ < often ? document(name) : completedUpgrade;
      answerWith({ ...own, DeploymentName: name })(response, request);
    };
    return Array.from({ length: often + 1000 }, () => script);
  }

  it('is an overview with those in trouble first, and leaves all of them behind in their order', async () => {
    const standing = cluster(
      (name) => ({ web: completedUpgrade, api: rolledBackUpgrade })[name] ?? runningUpgrade,
      8,
    );
    const { exitCode, written, screen } = await runInTerminal(standing, {
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
  ])('of 60 fits %i columns and %i rows, and counts the rest', async (columns, rows) => {
    const names = Array.from({ length: 59 }, (_, number) => `web${number}`);
    const standing = cluster((name) => (name === 'web7' ? rolledBackUpgrade : runningUpgrade), 300);
    const { written, exitCode } = await runInTerminal(standing, {
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

  it('Ctrl-C leaves the overview, and says how to watch on', async () => {
    let isDone = false;
    const { exitCode, screen } = await runInTerminal(
      cluster(() => runningUpgrade, 1000),
      {
        argv: ['api', ...quick],
        onOutput(sofar, press) {
          if (!isDone && sofar.includes('2 rolling forward')) press('\u0003');
          isDone ||= sofar.includes('2 rolling forward');
        },
      },
    );
    expect(exitCode).toBe(130);
    const text = screen.join('');
    expect(text).toContain('Stopped by Ctrl-C. 2 deployments: 2 interrupted. What has not ended goes on.');
    expect(text).toContain('Watch on: sfcompose upgrade-progress web api --watch');
    expect(text).toMatch(/│ web +│ rolling forward .*│ api +│ rolling forward /);
  });
});
