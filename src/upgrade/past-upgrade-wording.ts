/** Describes past upgrades in an operator's words. Pure. */
import { formatDuration, formatList } from '../platform/format.ts';
import type { FailureReason } from './enums.ts';
import type { ContainerExitedEvent } from './events.ts';
import { explainExitCode } from './health/exit-codes.ts';
import { nameDomain, nameNodes } from './names.ts';
import type { PastDomain, PastUpgrade } from './past-upgrade.ts';

/** Words for the results, as after `v1 → v2`. */
const resultWords: Readonly<Record<PastUpgrade['result'], string>> = {
  completed: 'upgraded',
  'rolled-back': 'rolled back',
  'rolling-back': 'rolling back',
  'under-way': 'under way',
  unknown: 'end unknown',
};

/** Describes how an upgrade ended, in two words at most. */
export function describePastResult({ result }: Pick<PastUpgrade, 'result'>): string {
  return resultWords[result];
}

/** Words for the reasons of a rollback, as inside a sentence. */
const reasonWords = new Map<FailureReason, string>([
  ['HealthCheck', 'the new version failed its health check'],
  ['UpgradeDomainTimeout', 'an upgrade domain exceeded its time limit'],
  ['OverallUpgradeTimeout', 'the upgrade exceeded its time limit'],
  ['Interrupted', 'the rollback was requested'],
  ['ProcessingFailure', 'the cluster could not carry out the upgrade'],
]);

/** Describes why an upgrade was rolled back; `undefined` if it was not, or no event reports the reason. */
export function describePastReason({ failureReason }: PastUpgrade): string | undefined {
  if (failureReason === undefined) return undefined;
  return reasonWords.get(failureReason) ?? `reason ${failureReason}`;
}

/** Describes domains and their times: `UD0 4m, UD1 4m 8s and 8 more`. An unknown time is left out. */
export function describePastDomains(domains: readonly PastDomain[], maxDomains: number): string {
  const words = domains.map(({ name, took }) =>
    took === undefined ? nameDomain(name) : `${nameDomain(name)} ${formatDuration(took)}`,
  );
  return formatList(words, maxDomains);
}

/** Exits of the containers of a service with the same code. */
export interface ExitGroup {
  readonly service: string | undefined;
  readonly exitCode: number | undefined;
  readonly count: number;
  readonly firstAt: Date;
  /** The nodes that are known, in the order of their first exits. */
  readonly nodes: readonly string[];
}

/** Folds exits by service and code, the most frequent first. @param exits in the order of their times */
export function foldExits(exits: readonly ContainerExitedEvent[]): readonly ExitGroup[] {
  const groups = new Map<string, [ContainerExitedEvent, ...ContainerExitedEvent[]]>();
  for (const exit of exits) {
    const key = JSON.stringify([exit.service ?? exit.codePackage, exit.exitCode]);
    const group = groups.get(key);
    if (group) group.push(exit);
    else groups.set(key, [exit]);
  }
  return [...groups.values()]
    .map((group) => ({
      service: group[0].service ?? group[0].codePackage,
      exitCode: group[0].exitCode,
      count: group.length,
      firstAt: group[0].at,
      nodes: [...new Set(group.flatMap(({ node }) => node ?? []))],
    }))
    .sort((one, other) => other.count - one.count);
}

/** Nodes that are named of a group of exits. */
const maxNodes = 5;

/** Describes exits of the same kind: `exit code 137, 2 times: fabric:/web/api on _node_1, _node_4`. */
export function describeExits({ service, exitCode, count, nodes }: ExitGroup): string {
  const code = exitCode === undefined ? 'unknown exit code' : `exit code ${exitCode}`;
  const times = count > 1 ? `, ${count} times` : '';
  const place = nodes.length > 0 ? ` on ${nameNodes(nodes, maxNodes)}` : '';
  return `${code}${times}: ${service ?? 'unknown service'}${place}`;
}

/** Explains the code of exits as one sentence; `undefined` if it has no common meaning. */
export function explainExits({ exitCode }: ExitGroup): string | undefined {
  return exitCode === undefined ? undefined : explainExitCode(`exit code ${exitCode}`);
}
