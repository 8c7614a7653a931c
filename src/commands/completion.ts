/** `sfcompose completion <shell>`: prints what makes that shell complete command lines. */
import { scripts, shellSetting } from '../completion/scripts.ts';
import type { Outcome } from '../exit-code.ts';
import type { Host } from '../host.ts';
import { parsed } from '../settings.ts';

export function completion(shell: string, host: Host): Outcome {
  host.stdout.write(scripts[parsed(shellSetting, shell, shellSetting.flag)]);
  return 'completed';
}
