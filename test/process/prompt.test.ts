/** Questions and answers in a real terminal. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnInTerminal } from '../support/pseudo-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'sfcompose-prompt-'));
const script = join(folder, 'ask.js');

beforeAll(async () => {
  const output = join(folder, 'host');
  await build({
    input: 'src/platform/node-host.ts',
    platform: 'node',
    logLevel: 'silent',
    output: { dir: output, format: 'esm', entryFileNames: 'host.mjs' },
  });
  writeFileSync(
    script,
    `import(${JSON.stringify(pathToFileURL(join(output, 'host.mjs')).href)}).then(async ({ createProcessHost }) => {
      const host = createProcessHost();
      for (const kind of process.argv.slice(2)) {
        const answer = await host.prompt('Question: ', kind, host.interrupt).catch((error) => error.message);
        console.log('\\nanswer', Buffer.from(String(answer)).toString('hex'), String(process.stdin.isRaw));
        process.exitCode = host.interrupt.aborted ? 130 : 0;
      }
      host.release();
    });`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Asks questions. @param keys typed after each question */
async function ask(kinds: readonly string[], keys: readonly string[]) {
  const child = spawnInTerminal(process.execPath, [script, ...kinds], { cols: 100, rows: 20 });
  const left = [...keys];
  let written = '';
  let at = 0;
  child.onData((data) => {
    written += data;
    const asked = written.indexOf('Question: ', at);
    if (asked < 0) return;
    at = asked + 1;
    child.write(left.shift() ?? '');
  });
  const { exitCode } = await new Promise<{ exitCode: number }>((resolve) => child.onExit(resolve));
  const answers = [...written.matchAll(/answer (\w*) (\w+)/g)].map(([, hex = '', isRaw]) => ({
    text: Buffer.from(hex, 'hex').toString(),
    isRaw: isRaw === 'true',
  }));
  return { exitCode, written, answers };
}

describe('a hidden question', () => {
  it('never echoes the answer, which can be corrected', async () => {
    const { written, answers, exitCode } = await ask(['hidden'], ['hunterX\x7f2é\r']);
    expect(answers).toEqual([{ text: 'hunter2é', isRaw: false }]);
    expect(written).not.toContain('hun');
    expect(exitCode).toBe(0);
  });

  it('is interrupted by Ctrl-C, and restores the terminal', async () => {
    const { written, answers, exitCode } = await ask(['hidden'], ['hunter2\x03']);
    expect(answers).toEqual([{ text: 'Stopped by Ctrl-C.', isRaw: false }]);
    expect(written).not.toContain('hun');
    // Ends by the signal itself, as a terminal expects it.
    expect([0, 130]).toContain(exitCode);
  });

  it('has an empty answer after Ctrl-D', async () => {
    expect((await ask(['hidden'], ['\x04'])).answers).toEqual([{ text: '', isRaw: false }]);
  });
});

describe('a visible question', () => {
  it('echoes the answer, and can be followed by another', async () => {
    const { written, answers } = await ask(['visible', 'hidden'], ['yes\r', 'hunter2\r']);
    expect(answers.map(({ text }) => text)).toEqual(['yes', 'hunter2']);
    expect(written).toContain('yes');
    expect(written).not.toContain('hun');
  });
});
