/** Explains unhealthy evaluations: their causes, what the policy tolerates, and where to look next. */
import { formatCount } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { describeCause, describeShare, findCauses, type HealthCause } from '../health-tree.ts';
import type { EntityKind, HealthEvaluation, Upgrade } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { createFinding, type Finding, type Place, type Severity, toPlaces } from './finding.ts';
import { suggestUpgrade } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';

/** Causes that are listed one by one. */
const maxCauses = 5;

/** Places of each kind that the finding names. */
const maxPlaces = 10;

/** Explains unhealthy evaluations. A finding of severity `info` suggests no next steps. */
export function explainUnhealthy(snapshot: UpgradeSnapshot, severity: Severity, what: string): Finding {
  const { where, evidence, next } = explainHealth(snapshot);
  return createFinding('unhealthy', severity, what, {
    where,
    evidence,
    next: severity === 'info' ? [] : [...next, ...suggestUpgrade(snapshot)],
  });
}

/** Explains the causes in the tree, the deepest first: what the policy tolerates, and where to look. */
export function explainHealth({ upgrade }: UpgradeSnapshot): Pick<Finding, 'where' | 'evidence' | 'next'> {
  const causes = findCauses(upgrade.unhealthyEvaluations);
  const [first] = causes;
  if (first === undefined) return { where: [], evidence: [], next: [] };
  const left = causes.length - maxCauses;
  const shares = upgrade.unhealthyEvaluations.slice(0, maxCauses).flatMap(describeNamedShare);
  return {
    where: listPlaces(causes.slice(0, maxPlaces)),
    evidence: [
      ...causes.slice(0, maxCauses).flatMap(describeCause),
      ...(left > 0 ? [`And ${formatCount(left, 'more cause')}.`] : []),
      ...shares,
    ],
    next: [...suggestLogs(first, upgrade), suggestHealth(first, upgrade)],
  };
}

/** Describes the unhealthy share of an entity: `UD1: 1 of 2 nodes unhealthy, 20% tolerated.` */
function describeNamedShare(evaluation: HealthEvaluation): readonly string[] {
  const share = describeShare(evaluation);
  const name = evaluation.subject.at(-1)?.[1];
  return share ? [`${name ? `${name}: ` : ''}${share}.`] : [];
}

function listPlaces(causes: readonly HealthCause[]): readonly Place[] {
  const listNames = (kind: EntityKind) => [...new Set(causes.flatMap(({ where }) => where.get(kind) ?? []))];
  const nodes = [...new Set(causes.flatMap((cause) => cause.nodes))];
  return [
    ...toPlaces('upgrade domain', listNames('upgrade domain'), maxPlaces),
    ...toPlaces('node', nodes, maxPlaces),
    ...toPlaces('service', listNames('service'), maxPlaces),
    ...toPlaces('partition', listNames('partition'), maxPlaces),
  ];
}

/** Suggests the logs of a container, which reports under the name of its code package. */
function suggestLogs({ evaluation, where }: HealthCause, upgrade: Upgrade): readonly NextStep[] {
  const [, codePackage] = /^CodePackageActivation:([^:]+):/.exec(evaluation.event?.property ?? '') ?? [];
  const node = where.get('node');
  const servicePackage = where.get('service package');
  if (codePackage === undefined || node === undefined || servicePackage === undefined) return [];
  return [
    {
      what: 'Read its log',
      command: commands.buildContainerLogs(upgrade, node, servicePackage, codePackage),
    },
  ];
}

function suggestHealth({ where }: HealthCause, upgrade: Upgrade): NextStep {
  const node = where.get('node');
  const partition = where.get('partition');
  if (node !== undefined)
    return { what: 'Show the health of the node', command: commands.buildNodeHealth(upgrade, node) };
  if (partition !== undefined)
    return { what: 'Show the health of the partition', command: commands.buildPartitionHealth(partition) };
  return { what: 'Show the health of the application', command: commands.buildApplicationHealth(upgrade) };
}
