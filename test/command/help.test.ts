/** Help on the program, its commands and topics. `npx vitest run -u` updates the screens: review the difference. */
import { describe, expect, it } from 'vitest';
import { outcomes } from '../../src/platform/outcome.ts';
import { run } from '../support/run.ts';

describe('help', () => {
  it.each([
    ['help', []],
    ['help-upgrade-progress', ['upgrade-progress', '--help']],
    ['help-exit-codes', ['help', 'exit-codes']],
    ['help-environment', ['help', 'environment']],
  ])('is unchanged: %s', async (file, argv) => {
    const { exitCode, stdout, stderr } = await run(argv);
    expect([exitCode, stderr]).toEqual([0, '']);
    await expect(stdout).toMatchFileSnapshot(`../golden/${file}.txt`);
  });

  it.each([[[]], [['--help']], [['-h']], [['help']]])('fits a small terminal: %j', async (argv) => {
    const { stdout } = await run(argv, { columns: 80 });
    const lines = stdout.split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it.each([
    ['status', 'upgrade-progress'],
    ['ls', 'list'],
    ['watch', 'watch'],
    ['help', 'help'],
    ['cluster', 'cluster'],
    ['cluster add', 'cluster add'],
    ['cluster ls', 'cluster list'],
  ])('on %s is that of %s', async (name, command) => {
    const { stdout } = await run(['help', ...name.split(' ')]);
    expect(stdout).toContain(`\nUsage: sfcompose ${command} `);
    expect((await run([...name.split(' '), '--help'])).stdout).toBe(stdout);
  });

  it('comes for a group without a command', async () => {
    const { exitCode, stdout, stderr } = await run(['cluster']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe((await run(['cluster', '--help'])).stdout);
  });

  it('comes before anything that is wrong with the command line', async () => {
    const { exitCode, stdout } = await run(['watch', '--help']);
    expect([exitCode, stdout.split('\n')[3]]).toEqual([
      0,
      'Usage: sfcompose watch <deployment...> [options]',
    ]);
  });

  it.each([
    [40, 40],
    [60, 60],
    [200, 110],
  ])('on a terminal of %d columns is at most %d wide', async (columns, width) => {
    const { stdout } = await run(['help', 'upgrade-progress'], { columns });
    const texts = stdout.split('\n').filter((line) => !/^(?: {2}|Usage: )sfcompose/.test(line));
    const widest = Math.max(...texts.map(({ length }) => length));
    expect(widest).toBeLessThanOrEqual(width);
    expect(widest).toBeGreaterThan(width - 12);
  });

  it('lists every exit code', async () => {
    const { stdout } = await run(['help', 'exit-codes']);
    for (const { exitCode } of Object.values(outcomes))
      expect(stdout).toMatch(new RegExp(`^  ${exitCode} `, 'm'));
  });
});
