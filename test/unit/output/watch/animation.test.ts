/** A live view on a terminal's screen: drawn in place, through every resize, and gone without a trace. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveView } from '../../../../src/output/watch/animation.ts';
import { type Printable, printable } from '../../../../src/platform/printable.ts';
import { drawLive } from '../../../support/live-terminal.ts';

/** Creates a view of some lines: the first fill the width, as titles and bars do, the others are short. */
function createView(lines: number): Pick<LiveView, 'renderBody' | 'formatFooter'> {
  return {
    renderBody: ({ width }) =>
      Array.from({ length: lines }, (_, row) =>
        row < 3 ? `${`line ${row} `.padEnd(width - 3, '.')}end` : `line ${row} of the view`,
      )
        .map(printable)
        .join('\n') as Printable,
    formatFooter: (now) => `footer at ${now}`,
  };
}

const shell = ['$ ls', 'README.md', '$ sfcompose watch web'];
const before = `${shell.join('\n')}\n`;
const size = { columns: 80, rows: 24 };

/** Names what each line is: a line of the shell, of the view, or of the footer. */
function classify(lines: readonly string[]): readonly string[] {
  return lines.map(
    (line) => /^(?:line \d+|.? ?footer)/.exec(line)?.[0].replace(/^. footer/, 'footer') ?? line,
  );
}

function listFrame(lines: number): readonly string[] {
  return [...Array.from({ length: lines }, (_, row) => `line ${row}`), 'footer'];
}

describe('a live view', () => {
  it('is drawn in place, in one write for each frame', async () => {
    const live = await drawLive(createView(6), size, before);
    const writes = live.written().length;
    await live.pass(1000);
    expect(live.screen()).toContain('⠼ footer at 1000');
    expect(classify(live.screen())).toEqual([...shell, ...listFrame(6)]);
    expect(live.scrollback()).toEqual([]);
    const frames = live
      .written()
      .slice(writes)
      .split(/(?=\r)/);
    expect(frames).toHaveLength(4);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: cursor movements are escape sequences
    for (const frame of frames) expect(frame).toMatch(/^\r\x1b\[\?2026h\x1b\[7A/);
  });

  it('never clears the screen, of which a multiplexer would keep a copy', async () => {
    const live = await drawLive(createView(6), size, '\u001b[H\u001b[2J');
    await live.pass(500);
    await live.resize({ columns: 60, rows: 20 });
    await live.stop();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: erasing is done by escape sequences
    expect(live.written()).not.toMatch(/\x1b\[[0-3]*J.*\x1b\[[23]J|\x1b\[H|\x1b\[2J|\x1b\[3J|\x1b\[\?1049h/s);
    // From the top left, this means the whole screen.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    expect(live.written()).not.toMatch(/A\x1b\[0?J/);
  });

  it.each([2, 3, 10, 24, 40])('is cut to a terminal of %i rows', async (rows) => {
    const live = await drawLive(createView(30), { columns: 80, rows }, before);
    await live.pass(1000);
    const lines = classify(live.screen()).filter((line) => !shell.includes(line));
    expect(lines.at(-1)).toBe('footer');
    expect(lines).toHaveLength(Math.min(rows - 1, 31));
    expect(live.scrollback().filter((line) => line.includes('line'))).toEqual([]);
  });

  it('draws nothing on a terminal of one row', async () => {
    const live = await drawLive(createView(30), { columns: 80, rows: 1 });
    await live.pass(1000);
    expect([...live.scrollback(), ...live.screen()]).toEqual([]);
  });

  it('leaves no trace', async () => {
    const live = await drawLive(createView(10), size, before);
    await live.pass(1000);
    await live.resize({ columns: 41, rows: 24 });
    await live.stop();
    await live.print('$ ');
    expect([...live.scrollback(), ...live.screen()]).toEqual([...shell, '$']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the cursor is shown by an escape sequence
    expect(live.written()).toMatch(/\x1b\[\?25h$/);
  });

  it('makes room for a shell while it is suspended, and is drawn anew below', async () => {
    const live = await drawLive(createView(4), size, before);
    await live.suspend();
    await live.print('stopped\n$ fg\n');
    await live.pass(5000);
    expect(live.screen()).toEqual([...shell, 'stopped', '$ fg']);
    await live.resume();
    await live.pass(5000);
    expect(classify(live.screen())).toEqual([...shell, 'stopped', '$ fg', ...listFrame(4)]);
  });

  it('wraps a warning at words, below a glyph', async () => {
    const warning = 'Nothing has changed for 12m, since 08:00:00 UTC. Usual causes: a slow image store.';
    const view = { ...createView(2), warning };
    const live = await drawLive(view, { columns: 40, rows: 24 });
    expect(live.screen().slice(2)).toEqual([
      '! Nothing has changed for 12m, since',
      '  08:00:00 UTC. Usual causes: a slow',
      '  image store.',
      '⠋ footer at 0',
    ]);
  });

  const anyHeight = fc.integer({ min: 1, max: 13 });

  /** Makes sizes that a terminal has one after the other. */
  function makeSizes(minRows: number) {
    const columns = fc.integer({ min: 40, max: 200 });
    const rows = fc.integer({ min: minRows, max: 60 });
    return fc.array(fc.record({ columns, rows }), { maxLength: 12 });
  }

  const seeded = { seed: 20261124, numRuns: 50 };

  it('stays the only one, whatever the sizes of the terminal are, if it fits them when its lines wrap', async () => {
    await fc.assert(
      fc.asyncProperty(makeSizes(30), anyHeight, async (sizes, lines) => {
        const live = await drawLive(createView(lines), size, before);
        for (const next of sizes) {
          await live.resize(next);
          await live.pass(250);
          expect(live.scrollback()).toEqual([]);
          expect(classify(live.screen())).toEqual([...shell, ...listFrame(lines)]);
        }
        await live.stop();
        expect([...live.scrollback(), ...live.screen()]).toEqual(shell);
      }),
      seeded,
    );
  });

  // What has scrolled off the screen is out of reach, and not all terminals bring it back.
  it('overwrites nothing else, and has one footer, in terminals of any size', async () => {
    await fc.assert(
      fc.asyncProperty(makeSizes(10), anyHeight, async (sizes, lines) => {
        const live = await drawLive(createView(lines), size, before);
        for (const next of sizes) {
          await live.resize(next);
          await live.pass(250);
          expect(classify(live.screen()).filter((line) => line === 'footer')).toHaveLength(1);
        }
        expect([...live.scrollback(), ...live.screen()].slice(0, shell.length)).toEqual(shell);
      }),
      seeded,
    );
  });

  it('takes back what scrolled off when the terminal shrank, once it has grown again', async () => {
    const live = await drawLive(createView(13), { columns: 90, rows: 24 }, before);
    for (const [columns, rows] of [
      [45, 14],
      [120, 40],
      [40, 50],
      [100, 12],
      [80, 30],
      [40, 10],
      [200, 60],
    ] as const) {
      await live.resize({ columns, rows });
      await live.pass(250);
    }
    expect([...live.scrollback(), ...classify(live.screen())]).toEqual([...shell, ...listFrame(13)]);
  });
});
