/** Explains pending safety checks: which nodes wait, for how long, and what happens if the checks never pass. */
import { capitalize, formatCount, formatDuration, formatList } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { getCheckKey } from '../history.ts';
import type { Duration, SafetyCheck, Upgrade } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { describeSafetyCheck } from '../wording.ts';
import { createFinding, type Finding, toPlaces } from './finding.ts';
import { suggestRollback } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { describeSoon, findFirstTimeout } from './time-left.ts';

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
  const evidence = [...last.evidence, `… ${formatCount(left, 'more safety check')}`];
  return [...findings.slice(0, -1), { ...last, evidence }];
}

function explainSafetyCheck({ check, nodes }: PendingCheck, snapshot: UpgradeSnapshot): Finding {
  const { upgrade, services } = snapshot;
  const { partitionId } = check;
  const service = partitionId && services.get(partitionId);
  const { words, isNear } = describeEnd(upgrade);
  const isSlow = isNear || (upgrade.domainDuration ?? 0) >= slowAfterMs;
  const what = capitalize(describeSafetyCheck(check, services));
  return createFinding('safety-check', isSlow ? 'warning' : 'info', what, {
    where: [
      ...toPlaces('node', nodes, maxPlaces),
      ...toPlaces('service', service ? [service] : [], 1),
      ...toPlaces('partition', partitionId ? [partitionId] : [], 1),
    ],
    evidence: [describeWait(check, nodes, snapshot), words],
    next: isSlow ? [...suggestSteps(check), ...suggestRollback(upgrade)] : [],
  });
}

/**
 * Describes which nodes wait, and for how long. The cluster does not report the wait: it is at most the time in the
 * domain, and at least the time that a watch has seen it.
 */
function describeWait(
  check: SafetyCheck,
  nodes: readonly string[],
  { upgrade, history }: UpgradeSnapshot,
): string {
  const { duration, domainDuration } = upgrade;
  const [subject, verb] = nodes.length === 1 ? ['Node', 'waits'] : ['Nodes', 'wait'];
  const waits = `${subject} ${formatList(nodes, 3)} ${verb} for that`;
  if (duration === undefined || domainDuration === undefined || domainDuration < 1000) return `${waits}.`;
  const firstSeen = nodes.map((node) => history.checks.get(getCheckKey(node, check)) ?? duration);
  const least = duration - Math.min(duration, ...firstSeen);
  const most = formatDuration(domainDuration);
  if (domainDuration - least < 60_000) return `${waits}, for ${most}.`;
  return least < 1000 ? `${waits}, for up to ${most}.` : `${waits}, for ${formatDuration(least)} to ${most}.`;
}

/** Describes the timeout that ends the wait, and tells whether it is the upgrade's own, and near. */
function describeEnd(upgrade: Upgrade): { readonly words: string; readonly isNear: boolean } {
  const { replicaSetCheckTimeout = Infinity, domainDuration = 0 } = upgrade;
  const left = Math.max(0, replicaSetCheckTimeout - domainDuration);
  const timeout = findFirstTimeout(upgrade);
  if (timeout && timeout.left < left)
    return {
      words: `If that is not so before, ${timeout.words}.`,
      isNear: timeout.left <= slowAfterMs,
    };
  if (left === Infinity) return { words: 'The cluster waits without limit until that is so.', isNear: false };
  const limit = formatDuration(replicaSetCheckTimeout);
  return {
    words: `The cluster goes on without it after ${limit}: ${describeSoon(left)} at the earliest.`,
    isNear: false,
  };
}

function suggestSteps({ kind, partitionId }: SafetyCheck): readonly NextStep[] {
  const health: readonly NextStep[] = partitionId
    ? [{ what: 'See its health', command: commands.buildPartitionHealth(partitionId) }]
    : [];
  switch (kind) {
    case 'EnsureAvailability':
      return partitionId
        ? [
            {
              what: 'See which instances are up, and where',
              command: commands.buildReplicaList(partitionId),
            },
            ...health,
          ]
        : health;
    case 'WaitForResourceAvailability':
    case 'WaitForPrimaryPlacement':
      return [
        { what: 'See whether a node has room, and is up', command: commands.nodeListCommand },
        { what: 'Make room, add nodes, or ask for less in its resource limits and placement constraints.' },
        ...health,
      ];
    case 'EnsureSeedNodeQuorum':
      return [{ what: 'See which seed nodes are down', command: commands.nodeListCommand }];
    default:
      return health;
  }
}
