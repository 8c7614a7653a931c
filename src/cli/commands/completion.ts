/** `sfcompose completion <shell>`: prints what makes that shell complete command lines. */
import { parseSetting } from '../../config/setting.ts';
import type { Host } from '../../platform/host.ts';
import type { Outcome } from '../../platform/outcome.ts';
import { scripts, shellSetting } from '../completion/scripts.ts';

export function completion(shell: string, host: Host): Outcome {
  host.stdout.write(scripts[parseSetting(shellSetting, shell, shellSetting.flag)]);
  return 'completed';
}
