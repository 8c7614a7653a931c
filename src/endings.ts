/** What to tell of an upgrade that ended, and not well: the cause, and what to do next. Pure. */
import type { Explanation } from './errors.ts';
import { typed } from './text.ts';
import {
  causesOf,
  type DeploymentStatus,
  hasEnded,
  isNeverUpgraded,
  isRollback,
  type Upgrade,
  type Verdict,
} from './upgrade.ts';
import { causeWords, nodeWords, stateWords, waitsFor } from './words.ts';

export interface Ended {
  readonly verdict: Exclude<Verdict, 'completed'>;
  readonly deployment: string;
  /** `undefined` where the cluster has no record of the upgrade. */
  readonly upgrade: Upgrade | undefined;
  readonly status: DeploymentStatus | undefined;
  readonly expected: string | undefined;
}

export function explainEnding(ended: Ended): Explanation {
  const { verdict, deployment, upgrade } = ended;
  return {
    outcome: verdict,
    code: `SFCOMPOSE_E_${verdict.toUpperCase().replace('-', '_')}`,
    what: `${deployment}: ${whatHappened(ended)}`,
    evidence: evidenceOf(ended),
    next: nextAfter(ended),
    deployment,
    ...(upgrade?.targetVersion ? { targetVersion: upgrade.targetVersion } : {}),
  };
}

function whatHappened({ verdict, upgrade, status, expected }: Ended): string {
  if (upgrade === undefined) {
    return (
      {
        'rolled-back': 'its first upgrade was rolled back while the new version was still being prepared',
        'not-found': 'it was removed while its upgrade was being rolled back',
      }[verdict as string] ??
      `the deployment is ${status?.status}, and the cluster has no record of its upgrade`
    );
  }
  const words = stateWords(upgrade, status);
  const version = upgrade.targetVersion && !isNeverUpgraded(upgrade) ? ` to ${upgrade.targetVersion}` : '';
  if (verdict !== 'superseded') return words + (isRollback(upgrade) && hasEnded(upgrade) ? version : '');
  const other = `another upgrade took its place: ${words}${version}`;
  return expected === undefined ? other : `${other}, not the one to ${expected}`;
}

function evidenceOf({ upgrade, status }: Ended): readonly string[] {
  const said = upgrade?.statusDetails || status?.details;
  return [
    ...(upgrade ? causeOf(upgrade) : []),
    ...(said ? [`The cluster says: ${said}`] : []),
    ...(upgrade?.statusDetails && status?.details ? [`The deployment says: ${status.details}`] : []),
  ];
}

/** Where it went wrong, then why: the deepest cause, or where time ran out. */
function causeOf(upgrade: Upgrade): readonly string[] {
  const causes = causesOf(upgrade.unhealthyEvaluations);
  const [cause] = causes;
  if (cause) {
    const domain = cause.where.get('upgrade domain');
    const nodes = [...new Set(causes.flatMap(({ where }) => where.get('node') ?? []))];
    const where = [
      ...(domain ? [`upgrade domain ${domain}`] : []),
      ...(nodes.length > 0 ? [`${nodes.length > 1 ? 'nodes' : 'node'} ${nodes.slice(0, 5).join(', ')}`] : []),
      ...(nodes.length > 5 ? [`${nodes.length - 5} more`] : []),
    ];
    return [
      ...(where.length > 0 ? [`Unhealthy: ${where.join(', ')}`] : []),
      ...(upgrade.failureReason ? [`Reason: ${upgrade.failureReason}`] : []),
      causeWords(cause),
    ];
  }
  const domain = upgrade.domainAtFailure;
  if (domain) {
    const nodes = domain.nodes.slice(0, 5).map((node) => `${node.name} ${nodeWords(node)}`);
    return [`Time ran out in upgrade domain ${domain.name}`, ...nodes];
  }
  if (!isRollback(upgrade)) return [];
  return [
    upgrade.failureReason
      ? `Reason: ${upgrade.failureReason}`
      : 'Neither its health nor a time-out is recorded as the cause: somebody may have asked for the rollback.',
  ];
}

function nextAfter({ verdict, deployment, upgrade, status }: Ended): readonly string[] {
  const compose = typed(deployment);
  const application = typed(upgrade?.application.replace(/^fabric:\//, '') || deployment);
  switch (verdict) {
    case 'rolled-back':
      return [
        `See what is unhealthy: sfctl application health --application-id ${application}`,
        'Then upgrade again; the old version keeps running meanwhile.',
      ];
    case 'failed':
      return [`See why: sfctl compose status --deployment-name ${compose}`];
    case 'superseded':
      return [`Watch the upgrade that took its place: sfcompose upgrade-progress ${compose} --watch`];
    case 'not-found':
      return status || upgrade
        ? [`Start an upgrade: sfctl compose upgrade --deployment-name ${compose} --file-path <compose file>`]
        : ['List the deployments: sfctl compose list'];
    case 'in-progress':
      return upgrade ? stillWaiting(upgrade) : [];
  }
}

function stillWaiting(upgrade: Upgrade): readonly string[] {
  return waitsFor(upgrade).map((words) => `Waiting: ${words}`);
}
