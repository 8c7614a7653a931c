/** The program in a Windows console, whose screen a pseudo-terminal shows. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { runningUpgrade } from '../support/documents.ts';
import { stripColors } from '../support/hostile-text.ts';
import { spawnInTerminal } from '../support/pseudo-terminal.ts';
import { answerWith, repeat, startGateway } from '../support/scripted-gateway.ts';
import type { Installation } from './install.ts';
import {
  composeFile,
  createDeployment,
  createTestFolder,
  installations,
  startCluster,
  windows,
} from './support.ts';

/** Runs the program in a console. @param onText called with everything written so far */
async function runInConsole(
  { node, launcher }: Installation,
  argv: readonly string[],
  onText: (text: string, type: (keys: string) => void) => void = () => {},
  env: Record<string, string> = {},
) {
  const command = windows.createCommand(node, [windows.toWindowsPath(launcher), ...argv], env);
  // Otherwise the Unix terminal echoes what is typed before Wine reads the first key.
  const withoutEcho = ['-c', 'stty -echo; exec "$@"', 'sh', command.file, ...command.argv];
  const isWindows = process.platform === 'win32';
  const child = spawnInTerminal(isWindows ? command.file : 'sh', isWindows ? command.argv : withoutEcho, {
    cols: 80,
    rows: 40,
    cwd: windows.profile,
    env: command.env,
  });
  onTestFinished(() => child.kill());
  let written = '';
  child.onData((data) => {
    written += data;
    onText(written, (keys) => child.write(keys));
  });
  const exitCode = await new Promise<number>((resolve) => child.onExit((exit) => resolve(exit.exitCode)));
  return { exitCode, text: stripColors(written) };
}

/** Types keys once, as soon as this text is on the screen. */
function typeAt(text: string, keys: string) {
  let isTyped = false;
  return (written: string, type: (keys: string) => void) => {
    if (isTyped || !written.includes(text)) return;
    isTyped = true;
    type(keys);
  };
}

describe.each(installations)('on Node $version', (installation) => {
  it.each([
    ['Ctrl-C', '\x03'],
    ['q', 'q'],
  ])('ends a live view with %s', async (name, keys) => {
    const { url } = await startGateway(...repeat(answerWith(runningUpgrade)));
    const argv = ['watch', 'web', '-e', url, '--interval', '1s'];
    const { exitCode, text } = await runInConsole(installation, argv, typeAt('_node_1', keys));
    expect(exitCode).toBe(130);
    expect(text).toContain('● rolling forward   UD1');
    expect(text).toContain(`Stopped by ${name}. The upgrade continues on the cluster.`);
  });

  it.each([
    ['a watch without a live view', ['watch', 'web', '-o', 'plain'], 'rolling forward'],
    ['a simulated cluster', ['simulate', '--port', '0'], 'Press Ctrl-C'],
  ])('ends %s with Ctrl-C', async (_, argv, text) => {
    const { url } = await startGateway(...repeat(answerWith(runningUpgrade)));
    const env = { SFCOMPOSE_ENDPOINT: url };
    const { exitCode } = await runInConsole(installation, argv, typeAt(text, '\x03'), env);
    expect(exitCode).toBe(130);
  });

  it('asks for a password, and does not show it', async () => {
    const url = await startCluster('missing', '--speed', '600');
    await createDeployment(url);
    const { toWindows } = createTestFolder({ 'compose.yml': composeFile.replace('web:2', 'web:3') });
    const file = ['-f', toWindows('compose.yml'), '--dry-run'];
    const argv = ['upgrade', 'web', '-e', url, '--registry-user', 'ci', ...file];
    const onText = typeAt('Password of the registry:', 'geheim\r');
    const { exitCode, text } = await runInConsole(installation, argv, onText);
    expect(text).toContain('registry.example/web:3');
    expect(text).not.toContain('geheim');
    expect(exitCode).toBe(0);
  });
});
