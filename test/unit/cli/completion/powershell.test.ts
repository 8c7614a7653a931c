/** The completion script for PowerShell, parsed by a grammar where there is no PowerShell. */
import { describe, expect, it } from 'vitest';
import { loadPowerShellGrammar } from '../../../support/powershell-grammar.ts';
import { run } from '../../../support/run.ts';

const parse = await loadPowerShellGrammar();
const { stdout: script } = await run(['completion', 'powershell']);

describe('the completion script for PowerShell', () => {
  it('is PowerShell that registers a completer', () => {
    const { rootNode } = parse(script);
    expect(rootNode.hasError).toBe(false);
    const commands = rootNode.descendantsOfType('command_name').map((node) => node?.text);
    expect(commands).toContain('Register-ArgumentCompleter');
    expect(commands).toContain('sfcompose');
  });

  it('is no longer PowerShell without any one of its braces', () => {
    const braces = [...script.matchAll(/[{}]/g)];
    expect(braces.length).toBeGreaterThan(10);
    for (const { index } of braces) {
      const broken = script.slice(0, index) + script.slice(index + 1);
      expect([script.slice(index, index + 40), parse(broken).rootNode.hasError]).toEqual([
        script.slice(index, index + 40),
        true,
      ]);
    }
  });
});
