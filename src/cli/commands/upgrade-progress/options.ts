/** Resolves the options of `upgrade-progress`. */
import { type Connection, resolveConnections } from '../../../config/connection.ts';
import type { ConnectionFlags } from '../../../config/connection-flags.ts';
import { resolve, toFlag } from '../../../config/setting.ts';
import {
  type CiChoice,
  ciSetting,
  expectVersionSetting,
  heartbeatSetting,
  intervalSetting,
  maxWaitSetting,
  retriesSetting,
  stallAfterSetting,
  watchRetries,
} from '../../../config/settings.ts';
import type { Target } from '../../../monitor/target.ts';
import type { WatchOptions } from '../../../monitor/watch.ts';
import { addTarget } from '../../../platform/command-target.ts';
import { usageError } from '../../../platform/errors.ts';
import { formatArgument, formatList } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import type { Shells } from '../../../platform/shell-quoting.ts';
import { parseApplicationUri } from '../../application-uri.ts';
import { nameClusters } from '../../open-clusters.ts';
import { type OutputFlags, type OutputSettings, resolveOutput } from '../../output-options.ts';

/** Options of every command that can watch, as typed, not checked yet. */
export interface WatchFlags extends ConnectionFlags, OutputFlags {
  readonly watch?: boolean | undefined;
  readonly interval?: string | undefined;
  readonly maxWait?: string | undefined;
  readonly heartbeat?: string | undefined;
  readonly stallAfter?: string | undefined;
  readonly expectVersion?: string | undefined;
  readonly failFast?: boolean | undefined;
  readonly bell?: boolean | undefined;
  readonly domains?: boolean | undefined;
  readonly retries?: string | undefined;
  readonly full?: boolean | undefined;
  readonly ci?: string | undefined;
  readonly report?: string | undefined;
}

/** Options of the commands that read. */
export interface UpgradeProgressFlags extends WatchFlags {
  readonly exitStatus?: boolean | undefined;
}

/** Checked options. */
export interface UpgradeProgressSettings
  extends Omit<WatchOptions, 'connection' | 'timeoutSeconds'>,
    OutputSettings {
  /** Names without duplicates, in the order in which they were given. */
  readonly deployments: readonly string[];
  /** A connection for each cluster, in the order in which the clusters were given. */
  readonly connections: readonly Connection[];
  /** Name of the cluster, or names of several. */
  readonly clusterName: string;
  readonly watch: boolean;
  readonly ci: CiChoice;
  readonly full: boolean;
  /** Whether the terminal bell rings when the watch ends. */
  readonly bell: boolean;
  /** Path of the report that is written when the watch ends. */
  readonly report: string | undefined;
  /** Whether the exit code of a read reflects the verdict. */
  readonly exitStatus: boolean;
  /** Whether to read the application's record as well, which knows the upgrade domains. */
  readonly domains: boolean;
  /** Formats the command that keeps watching. */
  readonly formatWatchCommand: (targets: readonly Target[]) => string;
  /** Formats the command that reads one of many. */
  readonly formatReadCommand: (target: Target) => string;
}

/** Reports whether the upgrade needs an explanation: the gateway's document alone does not, a verdict on it does. */
export function needsExplanation({ format, watch, exitStatus }: UpgradeProgressSettings): boolean {
  return format !== 'json' || watch || exitStatus;
}

/** Limit on the deployments of one command, on all clusters: more would not fit any screen. */
const maxTargets = 500;

/** Names in a printed command. */
const maxPrintedNames = 20;

/**
 * Checks all options before anything is sent.
 * @param resolveClusters resolves the connections; a command about one cluster refuses several
 * @param trace receives a line for each later event of a token
 * @throws a usage error that names the option, the value, and what is allowed
 */
export async function resolveSettings(
  names: readonly string[],
  flags: UpgradeProgressFlags,
  host: Host,
  trace: (line: string) => void,
  resolveClusters: typeof resolveConnections = resolveConnections,
): Promise<UpgradeProgressSettings> {
  const { env, shells } = host;
  const deployments = [...new Set(names)];
  refuseNames(deployments, shells);
  refuseWithoutWatch(flags);
  const { watch = false, maxWait, expectVersion } = flags;
  const expected =
    expectVersion === undefined ? undefined : resolve(expectVersionSetting, expectVersion, env);
  const checked = {
    ...resolveOutput(flags, env),
    deployments,
    retries: resolve(retriesSetting, flags.retries ?? (watch ? watchRetries : undefined), env),
    watch,
    intervalMs: resolve(intervalSetting, flags.interval, env),
    maxWaitMs: maxWait === undefined ? Infinity : resolve(maxWaitSetting, maxWait, env),
    heartbeatMs: resolve(heartbeatSetting, flags.heartbeat, env),
    stallAfterMs: resolve(stallAfterSetting, flags.stallAfter, env),
    expected,
    failFast: flags.failFast ?? false,
    ci: resolve(ciSetting, flags.ci, env),
    full: flags.full ?? false,
    bell: flags.bell ?? false,
    report: flags.report === undefined ? undefined : await checkReport(flags.report, host),
    exitStatus: flags.exitStatus ?? false,
    domains: flags.domains ?? true,
  };
  const connections = await resolveClusters(flags, host, trace);
  refuseTooMany(deployments.length * connections.length);
  const version = expected === undefined ? [] : [`--expect-version ${formatArgument(expected, shells)}`];
  const addClusters = (command: string, targets: readonly Target[]) =>
    addTarget(command, joinTargets(connections, targets));
  return {
    ...checked,
    connections,
    clusterName: nameClusters(connections),
    formatWatchCommand: (targets) =>
      [addClusters(`${formatCommand(targets, shells)} --watch`, targets), ...version].join(' '),
    formatReadCommand: (target) => addClusters(formatCommand([target], shells), [target]),
  };
}

/** Checks the path of a report. Few watches have one, so that its code is loaded for them only. */
async function checkReport(path: string, host: Host): Promise<string> {
  const { checkReportPath } = await import('../../../output/report/write-report.ts');
  return checkReportPath(path, host);
}

/** Joins the options that select the clusters of some targets. */
function joinTargets(connections: readonly Connection[], targets: readonly Target[]) {
  const own = connections.filter(({ cluster }) => targets.some((target) => target.cluster === cluster));
  return { options: [...new Set(own.flatMap(({ commandTarget }) => commandTarget.options))] };
}

function formatCommand(targets: readonly Target[], shells: Shells): string {
  const deployments = [...new Set(targets.map(({ deployment }) => deployment))];
  const omitted = deployments.length - maxPrintedNames;
  const names = deployments
    .slice(0, maxPrintedNames)
    .map((name) => formatArgument(name, shells))
    .join(' ');
  return `sfcompose upgrade-progress ${names}${omitted > 0 ? ` <and ${omitted} more>` : ''}`;
}

/** Refuses names that no deployment can have. @throws a usage error */
export function refuseNames(deployments: readonly string[], shells: Shells): void {
  if (deployments.includes('')) throw usageError('Empty <deployment>: use the name of a compose deployment.');
  if (deployments.some((name) => /\p{Cs}/u.test(name)))
    throw usageError('Invalid <deployment>: the text ends in the middle of a character.');
  refuseApplications(deployments, shells);
  refuseTooMany(deployments.length);
}

function refuseTooMany(count: number): void {
  if (count > maxTargets) throw usageError(`Too many deployments (${count}): use at most ${maxTargets}.`);
}

/** Refuses names of applications and services, and suggests those of their deployments. */
function refuseApplications(deployments: readonly string[], shells: Shells): void {
  const named = deployments.map(parseApplicationUri);
  const [uri] = deployments.filter((_, index) => named[index] !== undefined);
  if (uri === undefined) return;
  const meant = [...new Set(deployments.map((name, index) => named[index] ?? name))].map((name) =>
    formatArgument(name, shells),
  );
  throw usageError(
    `Invalid <deployment> "${uri}": use the name of the deployment, not of its application.${named.includes('') ? '' : ` Did you mean ${formatList(meant, maxPrintedNames)}?`}`,
  );
}

/** Refuses options that would be ignored without `--watch`: a pipeline may rely on them. */
function refuseWithoutWatch(flags: UpgradeProgressFlags): void {
  if (flags.watch) return;
  const watchOnly = ['interval', 'maxWait', 'heartbeat', 'stallAfter', 'failFast', 'bell', 'report'] as const;
  for (const name of watchOnly)
    if (flags[name] !== undefined) throw usageError(`${toFlag(name)} needs --watch.`);
  if (flags.expectVersion !== undefined && !flags.exitStatus)
    throw usageError('--expect-version needs --watch or --exit-status.');
}
