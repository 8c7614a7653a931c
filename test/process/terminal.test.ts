/** What a person sees of one read. */
import { describe, expect, it } from 'vitest';
import { createUpgrade, runningUpgrade } from '../support/documents.ts';
import { agentCommand, findHarmful, stripColors } from '../support/hostile-text.ts';
import { allPoisons, putText, typablePoison } from '../support/poison.ts';
import { fullUpgrade, somePlaces } from '../support/poisoned-cluster.ts';
import { hideCursor, isCursorShown, runInTerminal } from '../support/pseudo-terminal.ts';
import { answer, answerError, answerWith, type Script } from '../support/scripted-gateway.ts';

/** An answer that comes when it is let go. */
function held(): { script: Script; letGo: () => void } {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const script: Script = (response, request) => {
    void gone.then(() => answerWith(runningUpgrade)(response, request));
  };
  return { script, letGo };
}

const spinning = 'Reading the upgrade of web';

describe('on a terminal', () => {
  it('a spinner turns while the answer is awaited, and leaves nothing behind but the table', async () => {
    const { script, letGo } = held();
    const { exitCode, written, screen } = await runInTerminal([script], {
      onOutput(sofar) {
        if (sofar.includes(spinning)) letGo();
      },
    });
    expect(written).toContain(spinning);
    expect(screen[0]).toMatch(/^┌─+┬─+┐$/);
    expect(screen.at(-1)).toMatch(/^└─+┴─+┘$/);
    expect(screen.join('\n')).not.toContain(spinning);
    expect(isCursorShown(written)).toBe(true);
    expect(exitCode).toBe(0);
  });

  it('the spinner says that it tries again, and why', async () => {
    const { script, letGo } = held();
    const { exitCode, written } = await runInTerminal([answerError(503, 'E_ABORT'), script], {
      onOutput(sofar) {
        if (/HTTP 503 E_ABORT; try 2 of 3 in \d\.\d s/.test(sofar)) letGo();
      },
    });
    expect(written).toMatch(/HTTP 503 E_ABORT; try 2 of 3 in \d\.\d s/);
    expect(exitCode).toBe(0);
  });

  it.each([60, 132])('the table fits %i columns', async (columns) => {
    const { screen } = await runInTerminal([answerWith(runningUpgrade)], { columns });
    expect(screen[0]).toHaveLength(columns);
    expect(new Set(screen.map((line) => line.length))).toEqual(new Set([columns]));
  });

  it('the table has colours, which NO_COLOR takes away', async () => {
    expect((await runInTerminal([answerWith(runningUpgrade)])).written).toContain('\u001b[36m');
    const plain = await runInTerminal([answerWith(runningUpgrade)], { env: { NO_COLOR: '1' } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the escape sequence that is looked for
    expect(plain.written).not.toMatch(/\u001b\[[\d;]*m/);
  });

  it.each([
    ['--quiet', { argv: ['--quiet'] }],
    ['TERM=dumb', { env: { TERM: 'dumb' } }],
  ])('no spinner with %s', async (_, options) => {
    const { written, exitCode } = await runInTerminal([answerWith(runningUpgrade)], options);
    expect(written).not.toContain(spinning);
    expect(written).not.toContain(hideCursor);
    expect(exitCode).toBe(0);
  });

  it('Ctrl-C ends the wait at once, shows the cursor again and claims nothing', async () => {
    let pressed = false;
    const { exitCode, written, screen } = await runInTerminal([() => {}], {
      onOutput(sofar, press) {
        if (!pressed && sofar.includes(spinning)) press('\u0003');
        pressed ||= sofar.includes(spinning);
      },
    });
    expect(exitCode).toBe(130);
    expect(screen.at(-1)).toBe('sfcompose: Stopped by Ctrl-C.');
    expect(isCursorShown(written)).toBe(true);
  });

  it('what the cluster says cannot move the cursor or set the title', async () => {
    const hostile = createUpgrade({ UpgradeStatusDetails: '\u001b]0;owned\u0007\u001b[2J\u009b31m\r\u202e' });
    const { written } = await runInTerminal([answerWith(hostile)], {
      argv: ['--color', 'never', '--quiet'],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not come through
    expect(written.replaceAll('\r\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});
describe('a terminal', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what the cursor is moved with.
  const moves = /\x1b\[(?:\?25[lh]|\?2026[lh]|1G|\d?K|1A)/g;

  it('gets nothing from the spinner and the table after it but text and what draws them', async () => {
    let letGo = () => {};
    const seen = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const busy = answer(JSON.stringify({ Error: { Code: allPoisons, Message: '' } }), 503);
    const last: Script = async (response, request) => {
      await seen;
      const document = putText({ ...fullUpgrade, DeploymentName: typablePoison }, somePlaces, allPoisons);
      answerWith(document)(response, request);
    };
    const { written, exitCode } = await runInTerminal([busy, last], {
      deployment: typablePoison,
      argv: ['--no-domains'],
      onOutput: (sofar) => /try 2 of 3/.test(sofar) && letGo(),
    });
    const shown = stripColors(written.replace(moves, '')).replaceAll('\r\n', '\n');
    expect(findHarmful(shown)).toEqual([]);
    expect(shown).not.toMatch(agentCommand);
    expect(exitCode).toBe(0);
  });
});
