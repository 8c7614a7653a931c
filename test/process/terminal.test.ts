/** One read in a real terminal: the spinner, and the table after it. */
import { describe, expect, it } from 'vitest';
import { createUpgrade, runningUpgrade } from '../support/documents.ts';
import { agentCommand, findHarmful, stripColors } from '../support/hostile-text.ts';
import { allPoisons, putText, typablePoison } from '../support/poison.ts';
import { fullUpgrade, somePlaces } from '../support/poisoned-cluster.ts';
import { hideCursor, isCursorShown, runInTerminal } from '../support/pseudo-terminal.ts';
import { answer, answerError, answerWith, type Script } from '../support/scripted-gateway.ts';

/** Creates a script that answers only when it is released. */
function createHeld(): { script: Script; release: () => void } {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const script: Script = (response, request) => {
    void released.then(() => answerWith(runningUpgrade)(response, request));
  };
  return { script, release };
}

const spinning = 'Reading the upgrade of web';

describe('a read on a terminal', () => {
  it('has a spinner until the response arrives, and then only the table', async () => {
    const { script, release } = createHeld();
    const { exitCode, written, screen } = await runInTerminal([script], {
      onOutput(written) {
        if (written.includes(spinning)) release();
      },
    });
    expect(written).toContain(spinning);
    expect(screen[0]).toMatch(/^web {2}v1 → v2 +127\.0\.0\.1:\d+$/);
    expect(screen.at(-1)).toMatch(/^Monitored · rolls back /);
    expect(screen.join('\n')).not.toContain(spinning);
    expect(isCursorShown(written)).toBe(true);
    expect(exitCode).toBe(0);
  });

  it('explains retries beside the spinner', async () => {
    const { script, release } = createHeld();
    const { exitCode, written } = await runInTerminal([answerError(503, 'E_ABORT'), script], {
      onOutput(written) {
        if (/HTTP 503 E_ABORT; attempt 2 of 3 in \d\.\ds/.test(written)) release();
      },
    });
    expect(written).toMatch(/HTTP 503 E_ABORT; attempt 2 of 3 in \d\.\ds/);
    expect(exitCode).toBe(0);
  });

  it.each([60, 132])('fits the screen into %i columns, and into 110', async (columns) => {
    const { screen } = await runInTerminal([answerWith(runningUpgrade)], { columns });
    expect(screen[0]).toHaveLength(Math.min(110, columns));
    expect(Math.max(...screen.map((line) => line.length))).toBe(Math.min(110, columns));
  });

  it('has a colored table unless NO_COLOR is set', async () => {
    expect((await runInTerminal([answerWith(runningUpgrade)])).written).toContain('\u001b[36m');
    const plain = await runInTerminal([answerWith(runningUpgrade)], { env: { NO_COLOR: '1' } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colors are escape sequences
    expect(plain.written).not.toMatch(/\u001b\[[\d;]*m/);
  });

  it.each([
    ['--quiet', { argv: ['--quiet'] }],
    ['TERM=dumb', { env: { TERM: 'dumb' } }],
  ])('has no spinner with %s', async (_, options) => {
    const { written, exitCode } = await runInTerminal([answerWith(runningUpgrade)], options);
    expect(written).not.toContain(spinning);
    expect(written).not.toContain(hideCursor);
    expect(exitCode).toBe(0);
  });

  it('ends at once on Ctrl-C, with the cursor shown and no claim about the upgrade', async () => {
    let pressed = false;
    const { exitCode, written, screen } = await runInTerminal([() => {}], {
      onOutput(written, press) {
        if (!pressed && written.includes(spinning)) press('\u0003');
        pressed ||= written.includes(spinning);
      },
    });
    expect(exitCode).toBe(130);
    expect(screen.at(-1)).toBe('sfcompose: Stopped by Ctrl-C.');
    expect(isCursorShown(written)).toBe(true);
  });

  it('lets no text from the cluster move the cursor or set the title', async () => {
    const hostile = createUpgrade({ UpgradeStatusDetails: '\u001b]0;owned\u0007\u001b[2J\u009b31m\r\u202e' });
    const { written } = await runInTerminal([answerWith(hostile)], {
      argv: ['--color', 'never', '--quiet'],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must not occur
    expect(written.replaceAll('\r\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});
describe('poison in a terminal', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: cursor movements are escape sequences.
  const moves = /\x1b\[(?:\?25[lh]|\?2026[lh]|1G|\d?K|1A)/g;

  it('does no harm in the spinner and in the table after it', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const busy = answer(JSON.stringify({ Error: { Code: allPoisons, Message: '' } }), 503);
    const last: Script = async (response, request) => {
      await released;
      const document = putText({ ...fullUpgrade, DeploymentName: typablePoison }, somePlaces, allPoisons);
      answerWith(document)(response, request);
    };
    const { written, exitCode } = await runInTerminal([busy, last], {
      deployment: typablePoison,
      argv: ['--no-domains'],
      onOutput: (written) => /attempt 2 of 3/.test(written) && release(),
    });
    const text = stripColors(written.replace(moves, '')).replaceAll('\r\n', '\n');
    expect(findHarmful(text)).toEqual([]);
    expect(text).not.toMatch(agentCommand);
    expect(exitCode).toBe(0);
  });
});
