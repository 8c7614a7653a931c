/** Ill health as a cause: the ends of the tree, what the policy tolerates, and where to look on. */
import { counted } from '../../platform/format.ts';
import { type Cause, causesOf, causeWords, shareWords } from '../health-tree.ts';
import type { Upgrade } from '../model.ts';
import type { Situation } from '../snapshot.ts';
import { type Finding, type Place, placesOf, type Severity } from './finding.ts';
import { again } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';

/** Causes that are listed one by one, and places of each kind. */
const mostCauses = 5;
const mostPlaces = 10;

export function unhealthy(situation: Situation, severity: Severity, what: string): Finding {
  const { where, evidence, next } = healthOf(situation);
  return {
    code: 'unhealthy',
    severity,
    what,
    where,
    evidence,
    next: severity === 'info' ? [] : [...next, ...again(situation)],
  };
}

/** The causes in the tree: the deepest first, each with what the policy tolerates and where to look on. */
export function healthOf({ upgrade }: Situation): Pick<Finding, 'where' | 'evidence' | 'next'> {
  const causes = causesOf(upgrade.unhealthyEvaluations);
  const [first] = causes;
  if (first === undefined) return { where: [], evidence: [], next: [] };
  const left = causes.length - mostCauses;
  const shares = upgrade.unhealthyEvaluations.slice(0, mostCauses).map(shareWords).filter(Boolean);
  return {
    where: causePlaces(causes.slice(0, mostPlaces)),
    evidence: [
      ...causes.slice(0, mostCauses).map(causeWords),
      ...(left > 0 ? [`… ${counted(left, 'more cause')}`] : []),
      ...shares.map((share) => `${share}.`),
    ],
    next: [...logCommand(first, upgrade), healthCommand(first, upgrade)],
  };
}

function causePlaces(causes: readonly Cause[]): readonly Place[] {
  const named = (noun: string) => [...new Set(causes.flatMap(({ where }) => where.get(noun) ?? []))];
  const nodes = [...new Set(causes.flatMap((cause) => cause.nodes))];
  return [
    ...placesOf('upgrade domain', named('upgrade domain'), mostPlaces),
    ...placesOf('node', nodes, mostPlaces),
    ...placesOf('service', named('service'), mostPlaces),
    ...placesOf('partition', named('partition'), mostPlaces),
  ];
}

/** A container that was started for a code package reports under the package's name. */
function logCommand({ evaluation, where }: Cause, upgrade: Upgrade): readonly string[] {
  const [, codePackage] = /^CodePackageActivation:([^:]+):/.exec(evaluation.event?.property ?? '') ?? [];
  const node = where.get('node');
  const servicePackage = where.get('service package');
  if (codePackage === undefined || node === undefined || servicePackage === undefined) return [];
  return [`See what it logged: ${commands.containerLogs(upgrade, node, servicePackage, codePackage)}`];
}

function healthCommand({ where }: Cause, upgrade: Upgrade): string {
  const node = where.get('node');
  const partition = where.get('partition');
  if (node !== undefined) return `See its health: ${commands.nodeHealth(upgrade, node)}`;
  if (partition !== undefined) return `See its health: ${commands.partitionHealth(partition)}`;
  return `See its health: ${commands.applicationHealth(upgrade)}`;
}
