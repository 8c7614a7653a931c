/** What a person sees: the built program in a real pseudo-terminal. */
import { spawn } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { fullForm, midway, rollingBack, wire } from './documents.ts';
import { answer, fabricError, type Script, scriptedGateway } from './scripted-gateway.ts';

interface Session {
  readonly exitCode: number;
  /** All bytes that the program wrote. */
  readonly written: string;
  /** Milliseconds from the first to the last of them. */
  readonly took: number;
  /** The lines on the screen at the end, without those that are empty. */
  readonly screen: readonly string[];
}

interface SessionOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
  readonly argv?: readonly string[];
  /** Called with all that was written so far, whenever something is. */
  readonly onOutput?: (written: string, press: (keys: string) => void, resize: Resize) => void;
}

type Resize = (columns: number, rows: number) => void;

async function session(scripts: readonly Script[], options: SessionOptions = {}): Promise<Session> {
  const { columns = 80, rows = 40, env = {}, argv = [], onOutput } = options;
  const gateway = await scriptedGateway(...scripts);
  const child = spawn(
    process.execPath,
    ['bin/sfcompose.js', 'upgrade-progress', 'web', '-e', gateway.url, ...argv],
    {
      cols: columns,
      rows,
      env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env },
    },
  );
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  let written = '';
  let first = 0;
  const resize: Resize = (width, height) => {
    // What was written before is drawn before.
    terminal.write('', () => {
      terminal.resize(width, height);
      child.resize(width, height);
    });
  };
  child.onData((data) => {
    first ||= performance.now();
    written += data;
    terminal.write(data);
    onOutput?.(written, (keys) => child.write(keys), resize);
  });
  const exitCode = await new Promise<number>((resolve) => child.onExit((exit) => resolve(exit.exitCode)));
  const took = performance.now() - first;
  await new Promise<void>((resolve) => terminal.write('', resolve));
  const { active } = terminal.buffer;
  const screen = Array.from({ length: active.length }, (_, row) =>
    (active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
  ).filter(Boolean);
  return { exitCode, written, took, screen };
}

/** An answer that comes when it is let go. */
function held(): { script: Script; letGo: () => void } {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const script: Script = (response, request) => {
    gone.then(() => answer(wire(midway))(response, request));
  };
  return { script, letGo };
}

const spinning = 'Reading the upgrade of web';
const showCursor = '\u001b[?25h';
const hideCursor = '\u001b[?25l';

describe('on a terminal', () => {
  it('a spinner turns while the answer is awaited, and leaves nothing behind but the table', async () => {
    const { script, letGo } = held();
    const { exitCode, written, screen } = await session([script], {
      onOutput(sofar) {
        if (sofar.includes(spinning)) letGo();
      },
    });
    expect(written).toContain(spinning);
    expect(screen[0]).toMatch(/^┌─+┬─+┐$/);
    expect(screen.at(-1)).toMatch(/^└─+┴─+┘$/);
    expect(screen.join('\n')).not.toContain(spinning);
    expect(written.lastIndexOf(showCursor)).toBeGreaterThan(written.lastIndexOf(hideCursor));
    expect(exitCode).toBe(0);
  });

  it('the spinner says that it tries again, and why', async () => {
    const { script, letGo } = held();
    const { exitCode, written } = await session([fabricError(503, 'E_ABORT'), script], {
      onOutput(sofar) {
        if (/HTTP 503 E_ABORT; try 2 of 3 in \d\.\d s/.test(sofar)) letGo();
      },
    });
    expect(written).toMatch(/HTTP 503 E_ABORT; try 2 of 3 in \d\.\d s/);
    expect(exitCode).toBe(0);
  });

  it.each([60, 132])('the table fits %i columns', async (columns) => {
    const { screen } = await session([answer(wire(midway))], { columns });
    expect(screen[0]).toHaveLength(columns);
    expect(new Set(screen.map((line) => line.length))).toEqual(new Set([columns]));
  });

  it('the table has colours, which NO_COLOR takes away', async () => {
    expect((await session([answer(wire(midway))])).written).toContain('\u001b[36m');
    const plain = await session([answer(wire(midway))], { env: { NO_COLOR: '1' } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the escape sequence that is looked for
    expect(plain.written).not.toMatch(/\u001b\[[\d;]*m/);
  });

  it.each([
    ['--quiet', { argv: ['--quiet'] }],
    ['TERM=dumb', { env: { TERM: 'dumb' } }],
  ])('no spinner with %s', async (_, options) => {
    const { written, exitCode } = await session([answer(wire(midway))], options);
    expect(written).not.toContain(spinning);
    expect(written).not.toContain(hideCursor);
    expect(exitCode).toBe(0);
  });

  it('Ctrl-C ends the wait at once, shows the cursor again and says that the upgrade goes on', async () => {
    let pressed = false;
    const { exitCode, written, screen } = await session([() => {}], {
      onOutput(sofar, press) {
        if (!pressed && sofar.includes(spinning)) press('\u0003');
        pressed ||= sofar.includes(spinning);
      },
    });
    expect(exitCode).toBe(130);
    expect(screen.join('\n')).toContain('The upgrade itself goes on.');
    expect(written.lastIndexOf(showCursor)).toBeGreaterThan(written.lastIndexOf(hideCursor));
  });

  it('what the cluster says cannot move the cursor or set the title', async () => {
    const hostile = fullForm({ UpgradeStatusDetails: '\u001b]0;owned\u0007\u001b[2J\u009b31m\r\u202e' });
    const { written } = await session([answer(wire(hostile))], { argv: ['--color', 'never', '--quiet'] });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not come through
    expect(written.replaceAll('\r\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});

describe('a watch on a terminal', () => {
  const completed = answer(wire(fullForm({ UpgradeState: 'RollingForwardCompleted' })));
  const rolledBack = answer(wire({ ...rollingBack, UpgradeState: 'RollingBackCompleted' }));
  const forward = answer(wire(midway));
  const quick = ['--watch', '--interval', '200ms'];
  const beginFrame = '\u001b[?2026h';
  const frames = (written: string) => written.split(beginFrame).slice(1);
  const cursorIsBack = (written: string) => written.lastIndexOf(showCursor) > written.lastIndexOf(hideCursor);
  /** The upgrade goes on until it is let go. */
  function goingOn(): { scripts: Script[]; letGo: () => void } {
    let goesOn = true;
    const script: Script = (response, request) => (goesOn ? forward : completed)(response, request);
    return { scripts: Array.from({ length: 200 }, () => script), letGo: () => (goesOn = false) };
  }

  it('is redrawn in place, at most five times a second, and leaves the final table behind', async () => {
    const { scripts, letGo } = goingOn();
    const { exitCode, written, took, screen } = await session(scripts, {
      argv: quick,
      onOutput(sofar) {
        if (frames(sofar).length >= 6) letGo();
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
    expect(cursorIsBack(written)).toBe(true);
  });

  it('its clocks tick between two reads', async () => {
    const { scripts, letGo } = goingOn();
    const { written } = await session(scripts, {
      argv: ['--watch', '--interval', '1500ms'],
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
    const back = answer(wire(rollingBack));
    const { written, exitCode } = await session([back, back, back, back, rolledBack], {
      argv: quick,
      columns,
      rows,
    });
    for (const frame of frames(written)) {
      const [text = ''] = frame.split('\u001b[?2026l');
      expect(text.split('\n').length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    }
    expect(frames(written).length).toBeGreaterThan(0);
    expect(exitCode).toBe(3);
  });

  it('follows a resize, and leaves nothing torn behind', async () => {
    const { scripts, letGo } = goingOn();
    let resized = 0;
    const { screen, exitCode } = await session(scripts, {
      argv: quick,
      rows: 60,
      onOutput(sofar, _, resize) {
        const drawn = frames(sofar).length;
        if (drawn >= 4 && resized === 0) resize(50, 50);
        if (drawn >= 4) resized ||= drawn;
        if (resized > 0 && drawn >= resized + 4) letGo();
      },
    });
    expect(exitCode).toBe(0);
    expect(screen.filter((line) => line.includes('┌'))).toHaveLength(1);
    expect(screen[0]).toHaveLength(50);
    expect(screen.join('\n')).not.toContain('watching for');
  });

  it('says when contact is lost, and goes on when it is regained', async () => {
    const busy = fabricError(503, 'E_ABORT');
    const { exitCode, written, screen } = await session([forward, busy, busy, busy, forward, completed], {
      argv: quick,
    });
    expect(exitCode).toBe(0);
    expect(written).toMatch(/Contact lost for \d+s: HTTP 503 E_ABORT; \d of 11 tries failed/);
    expect(screen.join('\n')).not.toContain('Contact lost');
  });

  it('Ctrl-C leaves the last state, shows the cursor again, and says how to watch on', async () => {
    const { scripts } = goingOn();
    let pressed = false;
    const { exitCode, written, screen } = await session(scripts, {
      argv: quick,
      onOutput(sofar, press) {
        if (!pressed && sofar.includes('UD1')) press('\u0003');
        pressed ||= sofar.includes('UD1');
      },
    });
    expect(exitCode).toBe(130);
    const text = screen.join('\n');
    expect(text).toContain('rolling forward, upgrade domain UD1');
    expect(text).toContain('The upgrade itself goes on.');
    expect(text).toContain('Watch on: sfcompose upgrade-progress web --watch');
    expect(text).not.toContain('watching for');
    expect(cursorIsBack(written)).toBe(true);
  });

  it('an end that is none of the best leaves the table, and the cause below it', async () => {
    const { exitCode, screen } = await session([forward, rolledBack], { argv: quick });
    expect(exitCode).toBe(3);
    const text = screen.join('\n');
    expect(text.indexOf('└')).toBeLessThan(text.indexOf('sfcompose: web: rolled back to v1'));
    expect(screen.at(-1)).toContain('Then upgrade again');
  });

  it.each([{ TERM: 'dumb' }, { CI: 'true' }, { GITHUB_ACTIONS: 'true' }])(
    'has lines with %j',
    async (env) => {
      const { written, exitCode } = await session([forward, completed], { argv: quick, env });
      expect(frames(written)).toEqual([]);
      expect(written).not.toContain(hideCursor);
      expect(written).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z web to v2: rolling forward/);
      expect(exitCode).toBe(0);
    },
  );

  // There is no stty elsewhere.
  it.skipIf(process.platform === 'win32')('has lines on a terminal of 0 columns', async () => {
    const gateway = await scriptedGateway(forward, completed);
    const command = `stty cols 0; exec "${process.execPath}" bin/sfcompose.js upgrade-progress web -e ${gateway.url} ${quick.join(' ')}`;
    const child = spawn('sh', ['-c', command], {
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
