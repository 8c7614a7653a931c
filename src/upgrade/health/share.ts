/** Counts unhealthy entities, and how many the policy tolerates. Pure. */
import { formatCount } from '../../platform/format.ts';
import type { HealthEvaluationKind } from '../enums.ts';
import type { HealthEvaluation } from '../model.ts';

/** Nouns for the children of an evaluation, by its kind. */
const childNouns = new Map<HealthEvaluationKind | undefined, string>([
  ['Replicas', 'replica'],
  ['Partitions', 'partition'],
  ['Services', 'service'],
  ['DeployedServicePackages', 'service package'],
  ['DeployedApplications', 'node'],
  ['UpgradeDomainDeployedApplications', 'node'],
]);

/**
 * Describes the unhealthy children of an evaluation: `2 of 5 nodes unhealthy, 1 tolerated (20%)`. The tree can hold fewer
 * children than are unhealthy, because the runtime trims it; its description has the true figures.
 */
export function describeShare(evaluation: HealthEvaluation): string {
  const { kind, totalCount: total, maxPercentUnhealthy: percent } = evaluation;
  if (total === undefined) return percent === undefined ? '' : `${percent}% tolerated`;
  const all = formatCount(total, childNouns.get(kind) ?? 'member');
  const unhealthy = describeUnhealthy(evaluation, total, all);
  return percent === undefined ? unhealthy : `${unhealthy}, ${describeTolerance(total, percent)}`;
}

function describeUnhealthy({ description, children }: HealthEvaluation, total: number, all: string): string {
  const stated = findStatedCount(description ?? '', total);
  if (stated !== undefined) return `${stated} of ${all} unhealthy`;
  const count = children.length;
  if (count === 0 || count > total) return all;
  return `${count < total ? 'at least ' : ''}${count} of ${all} unhealthy`;
}

/** Finds the count in the cluster's description: `60% (3/5) deployed applications …`, in any language. */
function findStatedCount(description: string, total: number): number | undefined {
  const [, count, of] = /\((\d{1,9})\/(\d{1,9})\)/.exec(description) ?? [];
  const isOfAll = Number(of) === total && Number(count) > 0 && Number(count) <= total;
  return isOfAll ? Number(count) : undefined;
}

/** Describes a tolerance in entities. The runtime rounds up (`HealthCount.cpp`). */
function describeTolerance(total: number, percent: number): string {
  const tolerated = Math.min(total, Math.ceil((total * percent) / 100));
  return percent === 0 ? 'none tolerated' : `${tolerated} tolerated (${percent}%)`;
}
