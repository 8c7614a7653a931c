/** The options for the output of any command: as typed, and checked. */

import { resolve } from '../config/setting.ts';
import { type ColorChoice, colorSetting, type Format, outputSetting } from '../config/settings.ts';
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { printable } from '../platform/printable.ts';

/** As they were typed; nothing is checked yet. */
export interface OutputFlags {
  readonly output?: string;
  readonly json?: boolean;
  readonly full?: boolean;
  readonly color?: string | boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export interface OutputSettings {
  readonly format: Format;
  readonly color: ColorChoice;
  readonly full: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** How to show things, whatever is shown. */
export function resolveOutput(flags: OutputFlags, env: Host['env']): OutputSettings {
  const { output, json, color } = flags;
  if (json && output !== undefined && output !== 'json') {
    throw usageError(`--json and --output "${printable(output)}" contradict each other; give one of them.`);
  }
  return {
    format: resolve(outputSetting, json ? 'json' : output, env),
    color: color === false ? 'never' : resolve(colorSetting, color === true ? undefined : color, env),
    full: flags.full ?? false,
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
  };
}
