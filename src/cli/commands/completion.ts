/** `sfcompose completion <shell>`: prints the script that completes command lines in a shell. */
import { parseSetting } from '../../config/setting.ts';
import type { Host } from '../../platform/host.ts';
import type { CommandResult } from '../../platform/result.ts';
import { scripts, shellSetting } from '../completion/scripts.ts';

/** Prints the script. @throws a usage error for an unknown shell */
export function completion(shell: string, host: Host): CommandResult {
  host.stdout.write(scripts[parseSetting(shellSetting, shell, shellSetting.flag)]);
  return { outcome: 'completed' };
}
