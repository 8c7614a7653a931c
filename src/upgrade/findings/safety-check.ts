/** Explains pending safety checks: which nodes wait, for how long, and what happens if the checks never pass. */
import { formatCount, formatDuration, formatList } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { getCheckKey, measureWait } from '../history.ts';
import type { Duration, SafetyCheck, Upgrade } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { describeSafetyCheck } from '../wording.ts';
import { createFinding, type Finding, toPlaces } from './finding.ts';
import { suggestRollback } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { findFirstTimeout } from './time-left.ts';

/** Safety checks that are explained one by one. */
const maxChecks = 5;

/** Nodes that a finding names. */
const maxPlaces = 5;

/** Time in the current domain, and time until a timeout, from which a pending safety check is a warning. */
const slowAfterMs: Duration = 300_000;

/** A safety check and all nodes that wait for it. */
export interface PendingCheck {
  readonly check: SafetyCheck;
  readonly nodes: readonly string[];
}

/** Lists the pending safety checks: one for each partition and kind, however many nodes wait for it. */
export function listPendingChecks({ currentDomain }: Upgrade): readonly PendingCheck[] {
  const pending = new Map<string, { check: SafetyCheck; nodes: string[] }>();
  for (const { name, safetyChecks } of currentDomain?.nodes ?? []) {
    for (const check of safetyChecks) {
      const key = getCheckKey('', check);
      const one = pending.get(key) ?? { check, nodes: [] };
      one.nodes.push(name);
      pending.set(key, one);
    }
  }
  return [...pending.values()];
}

/** Explains the pending safety checks, with a finding for each of the first ones. */
export function explainSafetyChecks(snapshot: UpgradeSnapshot): readonly Finding[] {
  const pending = listPendingChecks(snapshot.upgrade);
  const findings = pending.slice(0, maxChecks).map((one) => explainSafetyCheck(one, snapshot));
  const left = pending.length - findings.length;
  const last = findings.at(-1);
  if (last === undefined || left === 0) return findings;
  const evidence = [...last.evidence, `And ${formatCount(left, 'more safety check')}.`];
  return [...findings.slice(0, -1), { ...last, evidence }];
}

function explainSafetyCheck({ check, nodes }: PendingCheck, snapshot: UpgradeSnapshot): Finding {
  const { upgrade, services } = snapshot;
  const { partitionId } = check;
  const service = partitionId && services.get(partitionId);
  const timeout = findEarlierTimeout(upgrade);
  const isSlow = (timeout?.left ?? Infinity) <= slowAfterMs || (upgrade.domainDuration ?? 0) >= slowAfterMs;
  const verb = nodes.length === 1 ? 'waits' : 'wait';
  const what = `${formatList(nodes, 3)} ${verb} ${describeSafetyCheck(check, services)}`;
  return createFinding('safety-check', isSlow ? 'warning' : 'info', what, {
    where: [
      ...toPlaces('node', nodes, maxPlaces),
      ...toPlaces('service', service ? [service] : [], 1),
      ...toPlaces('partition', partitionId ? [partitionId] : [], 1),
    ],
    evidence: [
      `${check.kind ?? 'The check'}${isSlow ? describeWait(check, nodes, snapshot) : ''}, ${describeLimit(upgrade, isSlow)}.`,
      ...(timeout ? [timeout.sentence] : []),
    ],
    next: isSlow ? [...suggestSteps(check), ...suggestRollback(upgrade)] : [],
  });
}

/** Describes how long nodes have waited for a check: ` for 5m`. */
function describeWait(
  check: SafetyCheck,
  nodes: readonly string[],
  { upgrade, history }: UpgradeSnapshot,
): string {
  const keys = nodes.map((node) => getCheckKey(node, check));
  const wait = measureWait(upgrade, history, keys);
  if (wait === undefined) return '';
  const most = formatDuration(wait.most);
  if (wait.isExact) return ` for ${most}`;
  return wait.least < 60_000 ? ` for up to ${most}` : ` for ${formatDuration(wait.least)} to ${most}`;
}

/** Describes how long the cluster waits for a safety check. */
function describeLimit({ replicaSetCheckTimeout = Infinity }: Upgrade, isSlow: boolean): string {
  if (replicaSetCheckTimeout === Infinity)
    return isSlow ? 'no time limit: the cluster waits until this clears' : 'no time limit';
  const limit = `at most ${formatDuration(replicaSetCheckTimeout)}`;
  return isSlow ? `${limit}: then the cluster stops waiting` : limit;
}

/** Finds the time limit of the upgrade or its domain if it passes before that of a safety check. */
function findEarlierTimeout(upgrade: Upgrade): ReturnType<typeof findFirstTimeout> {
  const { replicaSetCheckTimeout = Infinity, domainDuration = 0 } = upgrade;
  const timeout = findFirstTimeout(upgrade);
  const left = Math.max(0, replicaSetCheckTimeout - domainDuration);
  return timeout && timeout.left < left ? timeout : undefined;
}

function suggestSteps({ kind, partitionId }: SafetyCheck): readonly NextStep[] {
  const health: readonly NextStep[] = partitionId
    ? [{ what: 'Show the health of the partition', command: commands.buildPartitionHealth(partitionId) }]
    : [];
  switch (kind) {
    case 'EnsureAvailability':
      return partitionId
        ? [{ what: 'Find the instances', command: commands.buildReplicaList(partitionId) }, ...health]
        : health;
    case 'WaitForResourceAvailability':
    case 'WaitForPrimaryPlacement':
      return [
        { what: 'Find a node that is up and has room', command: commands.nodeListCommand },
        {
          what: 'Make room, add nodes, or lower the resource limits and placement constraints of the service.',
        },
        ...health,
      ];
    case 'EnsureSeedNodeQuorum':
      return [{ what: 'Find the seed nodes that are down', command: commands.nodeListCommand }];
    default:
      return health;
  }
}
