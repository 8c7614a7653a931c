/** Explains pending safety checks: which nodes wait, for how long, and what happens if the checks never pass. */
import { formatCount, formatDuration, formatList } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { measureWait } from '../course.ts';
import type { Duration, Upgrade } from '../model.ts';
import { nameNodes } from '../names.ts';
import { describeChecks, describePartition, describeSafetyCheck } from '../node-wording.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { createFinding, type Finding, toPlaces } from './finding.ts';
import { suggestRollback } from './next-steps.ts';
import { type CheckGroup, groupChecks } from './pending-checks.ts';
import { suggestForCheck } from './safety-check-advice.ts';
import { findFirstTimeout } from './time-left.ts';

/** Groups of safety checks that are explained one by one. */
const maxGroups = 5;

/** Nodes, services and partitions that a finding names. */
const maxPlaces = 5;

/** Partitions that next steps look at. */
const maxPartitions = 2;

/** Names in a sentence. */
const maxNames = 3;

/** Time in the current domain, and time until a timeout, from which a pending safety check is a warning. */
const slowAfterMs: Duration = 300_000;

/** Explains the pending safety checks, with a finding for each group of them. */
export function explainSafetyChecks(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade, services } = snapshot;
  const groups = groupChecks(upgrade.currentDomain, services);
  const timeout = findEarlierTimeout(upgrade);
  const isSlow = (timeout?.left ?? Infinity) <= slowAfterMs || (upgrade.domainDuration ?? 0) >= slowAfterMs;
  const left = groups.length - maxGroups;
  const shown = [...new Set(groups.flatMap(({ partitions }) => partitions))].slice(0, maxPartitions);
  const last = Math.min(groups.length, maxGroups) - 1;
  return groups.slice(0, maxGroups).map((group, index) => {
    const { kind, nodes, targets, partitions } = group;
    const wait = isSlow ? describeWait(group, snapshot) : '';
    // The limits are those of all checks.
    const limit = index === 0 ? `, ${describeLimit(upgrade, isSlow)}` : '';
    const names = partitions.flatMap((partition) => services.get(partition) ?? []);
    return createFinding('safety-check', isSlow ? 'warning' : 'info', describeGroup(group, services), {
      where: [
        ...toPlaces('node', nodes, maxPlaces),
        ...toPlaces('service', [...new Set(names)], maxPlaces),
        ...toPlaces('partition', partitions, maxPlaces),
      ],
      evidence: [
        `${kind ?? 'The check'}${wait}${limit}.`,
        ...(targets.length > 1 ? [`The others are for ${listOthers(group, services)}.`] : []),
        ...(isSlow ? explainPermanence(group, snapshot) : []),
        ...(index === 0 && timeout ? [timeout.sentence] : []),
        ...(index === last && left > 0 ? [`And ${formatCount(left, 'more kind')} of safety checks.`] : []),
      ],
      next: isSlow
        ? suggestForCheck(
            kind,
            nodes,
            partitions.filter((one) => shown.includes(one)),
            snapshot,
          )
        : [],
    });
  });
}

/** Describes who waits for what: `node 1 waits for 7 safety checks, the first until …`. */
function describeGroup({ nodes, targets, keys }: CheckGroup, services: UpgradeSnapshot['services']): string {
  const [first] = targets;
  const verb = nodes.length === 1 ? 'waits' : 'wait';
  const check = first ? describeSafetyCheck(first, services) : '';
  const checks = describeChecks(targets.length === 1 ? 1 : keys.length, check);
  return `${nameNodes(nodes, maxNames, 'Node')} ${verb} ${checks}`;
}

function listOthers({ targets }: CheckGroup, services: UpgradeSnapshot['services']): string {
  const others = targets.slice(1).map(({ partitionId }) => describePartition(partitionId, services));
  return formatList(others, maxNames);
}

/** Describes how long nodes have waited for a check: ` for 5m`. */
function describeWait({ keys }: CheckGroup, { upgrade, course }: UpgradeSnapshot): string {
  const wait = measureWait(upgrade, course, keys);
  if (wait === undefined) return '';
  const most = formatDuration(wait.most);
  if (wait.isExact) return ` for ${most}`;
  return wait.least < 60_000 ? ` for up to ${most}` : ` for ${formatDuration(wait.least)} to ${most}`;
}

/** Describes how long the cluster waits for safety checks. The time begins anew with each domain. */
function describeLimit({ replicaSetCheckTimeout = Infinity, domainDuration = 0 }: Upgrade, isSlow: boolean) {
  if (replicaSetCheckTimeout === Infinity)
    return isSlow ? 'no time limit: the cluster waits until this clears' : 'no time limit';
  if (replicaSetCheckTimeout === 0) return 'with a limit of zero: the cluster stops waiting at once';
  const limit = `at most ${formatDuration(replicaSetCheckTimeout)}`;
  if (!isSlow) return limit;
  const left = replicaSetCheckTimeout - domainDuration;
  return left >= 1000
    ? `${limit}: the cluster stops waiting in ${formatDuration(left)}`
    : `${limit}: the cluster stops waiting at any moment`;
}

/** Finds the time limit of the upgrade or its domain if it passes before that of a safety check. */
function findEarlierTimeout(upgrade: Upgrade): ReturnType<typeof findFirstTimeout> {
  const { replicaSetCheckTimeout = Infinity, domainDuration = 0 } = upgrade;
  const timeout = findFirstTimeout(upgrade);
  const left = Math.max(0, replicaSetCheckTimeout - domainDuration);
  return timeout && timeout.left < left ? timeout : undefined;
}

function isUnlimited({ replicaSetCheckTimeout = Infinity }: Upgrade): boolean {
  return replicaSetCheckTimeout === Infinity;
}

/** Explains when a wait for another instance never ends. */
function explainPermanence({ kind }: CheckGroup, snapshot: UpgradeSnapshot): readonly string[] {
  if (kind !== 'EnsureAvailability' || !isUnlimited(snapshot.upgrade)) return [];
  const isAlone = hasOneNode(snapshot);
  if (isAlone)
    return ['The cluster has one node, so no other instance can be up: the check cannot clear by itself.'];
  const where =
    isAlone === undefined
      ? 'With one node, or one instance of the service,'
      : 'With one instance of the service,';
  return [`${where} no other instance can be up, and the check cannot clear by itself.`];
}

/** Reports whether the cluster has a single node; `undefined` if that is not known. */
function hasOneNode({ nodes, application, upgrade }: UpgradeSnapshot): boolean | undefined {
  if (nodes) return nodes.length === 1;
  const domains = application?.domains.length ?? 0;
  if (domains > 1 || (upgrade.currentDomain?.nodes ?? []).length > 1) return false;
  return domains === 1 ? true : undefined;
}

/** Suggests what ends a wait for safety checks, and a rollback, which needs the same nodes and instances. */
export function suggestEndOfWait(snapshot: UpgradeSnapshot): readonly NextStep[] {
  const { upgrade, services } = snapshot;
  const isForInstance = groupChecks(upgrade.currentDomain, services).some(
    ({ kind }) => kind === 'EnsureAvailability',
  );
  if (!isUnlimited(upgrade)) return suggestRollback(snapshot, ', which may wait for the same safety check');
  const hasMany = hasOneNode(snapshot) === false;
  const addition = hasMany
    ? 'Add a second instance of the service to end the wait.'
    : 'Add a second node or a second instance to end the wait.';
  return [
    ...(isForInstance ? [{ what: addition }] : []),
    {
      what: 'Limit the wait with --replica-set-check <duration> in the next upgrade. A compose upgrade cannot be changed while it runs.',
    },
    ...suggestRollback(
      snapshot,
      `, which ${isForInstance && !hasMany ? 'waits' : 'may wait'} for the same safety check`,
    ),
  ];
}
