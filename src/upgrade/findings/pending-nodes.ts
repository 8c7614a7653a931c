/** Describes what the nodes of a domain were doing when its upgrade ended. */
import { formatCount } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import type { UpgradeDomainProgress } from '../model.ts';
import { nameNodes } from '../names.ts';
import { describeNode } from '../node-wording.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { type Place, toPlaces } from './finding.ts';
import { groupChecks } from './pending-checks.ts';
import { suggestForCheck } from './safety-check-advice.ts';

/** Groups of nodes that are described, nodes that are named in each, and nodes that a finding names. */
const maxGroups = 5;
const maxNames = 3;
const maxNodes = 10;

type Services = ReadonlyMap<string, string>;

/** Describes the nodes in the past tense, with those together that did the same. */
export function describePendingNodes(
  domain: UpgradeDomainProgress | undefined,
  services: Services,
): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const node of domain?.nodes ?? []) {
    const words = describeNode(node, services);
    const names = groups.get(words);
    if (names) names.push(node.name);
    else groups.set(words, [node.name]);
  }
  const left = [...groups.values()].slice(maxGroups).reduce((sum, names) => sum + names.length, 0);
  return [
    ...[...groups]
      .slice(0, maxGroups)
      .map(
        ([words, names]) =>
          `${nameNodes(names, maxNames, 'Node')} ${names.length === 1 ? 'was' : 'were'} ${words}.`,
      ),
    ...(left > 0 ? [`And ${formatCount(left, 'more node')}.`] : []),
  ];
}

/** Lists the domain and its nodes; nothing if no node was pending. */
export function listPendingPlaces(domain: UpgradeDomainProgress | undefined): readonly Place[] {
  if (domain === undefined || domain.nodes.length === 0) return [];
  const names = domain.nodes.map(({ name }) => name);
  return [
    ...toPlaces('upgrade domain', domain.name ? [domain.name] : [], 1),
    ...toPlaces('node', names, maxNodes),
  ];
}

/** Partitions that next steps look at. */
const maxPartitions = 2;

/** Suggests where to look for the reason why safety checks of the nodes did not pass. */
export function suggestForPendingNodes(snapshot: UpgradeSnapshot): readonly NextStep[] {
  const [first] = groupChecks(snapshot.upgrade.currentDomain, snapshot.services);
  if (first === undefined) return [];
  return suggestForCheck(first.kind, first.nodes, first.partitions.slice(0, maxPartitions), snapshot);
}

/** Suggests the health of the partitions whose safety checks did not pass, once nothing waits for these any more. */
export function suggestPartitionHealth(
  domain: UpgradeDomainProgress | undefined,
  snapshot: UpgradeSnapshot,
): readonly NextStep[] {
  const checks = (domain?.nodes ?? []).flatMap(({ safetyChecks }) => safetyChecks);
  const partitions = [...new Set(checks.flatMap(({ partitionId }) => partitionId ?? []))];
  return suggestForCheck(undefined, [], partitions.slice(0, maxPartitions), snapshot);
}
