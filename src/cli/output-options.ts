/** Resolves the output options of any command, and prepares stdout for them. */
import { resolve } from '../config/setting.ts';
import { type ColorChoice, colorSetting, type Format, outputSetting } from '../config/settings.ts';
import type { QueriedOutput } from '../output/json/query-stdout.ts';
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

/** Output options, and `exitStatus`, which only some commands have. */
export interface AllOutputFlags extends OutputFlags {
  readonly exitStatus?: boolean | undefined;
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
  const { color } = flags;
  const format = resolveFormat(flags, env);
  return {
    format: format === 'tsv' ? 'json' : format,
    color: color === false ? 'never' : resolve(colorSetting, color === true ? undefined : color, env),
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
  };
}

/** The format as given: with `tsv`, commands make JSON for the query. */
function resolveFormat({ output, json, query }: OutputFlags, env: Host['env']): Format | 'tsv' {
  if (json && output !== undefined && output !== 'json')
    throw usageError(`--json and --output "${printable(output)}" contradict each other: use one of them.`);
  const format = resolve(outputSetting, json ? 'json' : output, env);
  if (format === 'tsv' && query === undefined)
    throw usageError('-o tsv needs --query, which selects the values to print.');
  return format;
}

/**
 * Prepares stdout before a command runs.
 * @throws a usage error for a query that is malformed or does not suit the format
 */
export async function prepareOutput(
  flags: AllOutputFlags,
  { stdout, env }: Host & { readonly stdout: QueriedOutput },
): Promise<void> {
  if (flags.query !== undefined) {
    const format = resolveFormat(flags, env);
    if (format === 'table' || format === 'plain')
      throw usageError(`--query needs -o json, ndjson or tsv, but the output format is ${format}.`);
    const { compileExpression } = await import('../output/json/query.ts');
    stdout.setQuery(await compileExpression(flags.query), format);
  }
  if (isSilent(flags)) stdout.mute();
}

/** Whether only the exit code reports the state of the upgrade. */
function isSilent({ quiet, exitStatus }: AllOutputFlags): boolean {
  return Boolean(quiet && exitStatus);
}

/** The output options that the report of a result depends on. */
export interface ReportOutput extends Pick<OutputSettings, 'format' | 'color' | 'quiet'> {
  /** Whether only the exit code reports the state of the upgrade. */
  readonly silent: boolean;
}

/** Finds the output options for a report, with the defaults in place of wrong values. */
export function findOutput(flags: AllOutputFlags, env: Host['env']): ReportOutput {
  const { color, quiet = false } = flags;
  const format = findFormat(flags, env);
  return {
    format: format === 'tsv' ? 'json' : format,
    color: color === false ? 'never' : (colorSetting.parse(String(color ?? '')) ?? 'auto'),
    quiet,
    silent: isSilent(flags),
  };
}

/** Finds the output options for a wrong command line: a script that expects bare values gets no error document. */
export function findErrorOutput(flags: OutputFlags, env: Host['env']): ReportOutput {
  const output = findOutput(flags, env);
  return findFormat(flags, env) === 'tsv' ? { ...output, format: 'plain' } : output;
}

function findFormat({ output, json }: OutputFlags, env: Host['env']): Format | 'tsv' {
  const text = json ? 'json' : (output ?? env[outputSetting.variable ?? '']);
  return outputSetting.parse(text ?? '') ?? 'table';
}
