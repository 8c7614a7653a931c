/** Resolves the options for the output of any command. */
import { resolve } from '../config/setting.ts';
import { type ColorChoice, colorSetting, type Format, outputSetting } from '../config/settings.ts';
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { printable } from '../platform/printable.ts';

/** Output options as typed, not checked yet. */
export interface OutputFlags {
  readonly output?: string | undefined;
  readonly json?: boolean | undefined;
  readonly color?: string | boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly query?: string | undefined;
}

/** Checked output options. */
export interface OutputSettings {
  readonly format: Format;
  readonly color: ColorChoice;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Checks the output options. @throws a usage error */
export function resolveOutput(flags: OutputFlags, env: Host['env']): OutputSettings {
  const { output, json, color } = flags;
  if (json && output !== undefined && output !== 'json') {
    throw usageError(`--json and --output "${printable(output)}" contradict each other; give one of them.`);
  }
  return {
    format: resolve(outputSetting, json ? 'json' : output, env),
    color: color === false ? 'never' : resolve(colorSetting, color === true ? undefined : color, env),
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
  };
}

/** The output options that the report of a result depends on. */
export type ReportOutput = Pick<OutputSettings, 'format' | 'color' | 'quiet'>;

/** Finds the output options for a report, with the defaults in place of wrong values. */
export function findOutput(
  { output, json, color, quiet = false }: OutputFlags,
  env: Host['env'],
): ReportOutput {
  const format = json ? 'json' : (output ?? env[outputSetting.variable ?? '']);
  return {
    format: outputSetting.parse(format ?? '') ?? 'table',
    color: color === false ? 'never' : (colorSetting.parse(String(color ?? '')) ?? 'auto'),
    quiet,
  };
}
