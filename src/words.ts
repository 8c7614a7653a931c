/** What to say of an upgrade: states, modes, phases and safety checks in an operator's words. Pure. */
import { counted, durationText, typed } from './text.ts';
import {
  type Cause,
  causesOf,
  type DeploymentStatus,
  hasEnded,
  isHealthCheck,
  isKnownState,
  isNeverUpgraded,
  isRollback,
  type NodeProgress,
  type SafetyCheck,
  type Upgrade,
  upgradeStates,
  waitsForPerson,
} from './upgrade.ts';

/** The state in words: what is happening, or what is being waited for. */
export function stateWords(upgrade: Upgrade, status?: DeploymentStatus): string {
  if (isNeverUpgraded(upgrade)) return neverUpgradedWords(status);
  if (waitsForPerson(upgrade)) return 'waiting for a person to let it go on';
  const domain = upgrade.currentDomain?.name;
  if (isHealthCheck(upgrade)) {
    const check = domain ? `health check before upgrade domain ${domain}` : 'final health check';
    return upgrade.unhealthyEvaluations.length > 0 ? `${check}, failing so far` : check;
  }
  if (!isKnownState(upgrade.state)) return 'in a state that sfcompose does not know';
  const { words } = upgradeStates[upgrade.state];
  return domain && upgrade.state.endsWith('InProgress') ? `${words}, upgrade domain ${domain}` : words;
}

function neverUpgradedWords(status: DeploymentStatus | undefined): string {
  switch (status?.status) {
    case 'Failed':
      return 'its creation failed';
    case 'Upgrading':
      return 'an upgrade is just beginning';
    case undefined:
      return 'never upgraded, or its creation failed';
    default:
      return 'never upgraded';
  }
}

/** What a document says, apart from its clocks: as long as these words stay the same, nothing moves. */
export function situationWords(upgrade: Upgrade, status?: DeploymentStatus): string {
  const target = upgrade.targetVersion && !isNeverUpgraded(upgrade) ? ` to ${upgrade.targetVersion}` : '';
  const nodes = upgrade.currentDomain?.nodes ?? [];
  const check = nodes.flatMap((node) => node.safetyChecks)[0];
  const waits = check ? safetyCheckWords(check) : '';
  // A rollback keeps the evaluations that caused it; said once they need not stand in every line on the way back.
  const isOnTheWayBack = isRollback(upgrade) && !hasEnded(upgrade);
  const [cause] = isOnTheWayBack ? [] : causesOf(upgrade.unhealthyEvaluations);
  const parts = [
    `${stateWords(upgrade, status)} (${upgrade.state || 'not sent'})`,
    nodes.length > 0 ? nodesSummary(nodes) : '',
    waits && `waits: ${waits}`,
    cause ? `unhealthy: ${causeWords(cause)}` : '',
  ];
  return `${upgrade.deployment}${target}: ${parts.filter(Boolean).join('; ')}`;
}

/** The stages that every upgrade passes, in an operator's words. */
export const stages = ['prepare', 'upgrade the domains', 'remove what is not needed'] as const;

const stageByState: Readonly<Record<string, number>> = {
  ProvisioningTarget: 0,
  RollingForwardInProgress: 1,
  RollingForwardPending: 1,
  RollingBackInProgress: 1,
  RollingBackPending: 1,
  UnprovisioningCurrent: 2,
  UnprovisioningTarget: 2,
};

/** How many stages are done, and the one that is under way; `undefined` where none is. */
export function stageOf(upgrade: Upgrade): { done: number; words: string } | undefined {
  const done = Object.hasOwn(stageByState, upgrade.state) ? stageByState[upgrade.state] : undefined;
  if (done === undefined) return undefined;
  const isBack = isRollback(upgrade) && done === 1;
  return { done, words: isBack ? 'take the domains back' : (stages[done] ?? '') };
}

/** What an upgrade that has not ended waits for, one thing each. */
export function waitsFor(upgrade: Upgrade): readonly string[] {
  if (waitsForPerson(upgrade)) return [`a person; to go on: ${moveNextCommand(upgrade)}`];
  if (isHealthCheck(upgrade)) return [healthCheckWords(upgrade)];
  switch (upgrade.state) {
    case 'ProvisioningTarget':
      return ['the new version to be built from the compose file and registered; images are pulled later'];
    case 'UnprovisioningCurrent':
      return ['the old version to be removed; it is too late for a rollback'];
    case 'UnprovisioningTarget':
      return ['the failed version to be removed'];
    default:
      return safetyChecksOf(upgrade);
  }
}

function safetyChecksOf({ currentDomain, replicaSetCheckTimeout }: Upgrade): readonly string[] {
  const checks = (currentDomain?.nodes ?? []).flatMap((node) => node.safetyChecks);
  const [first, ...more] = checks.map(safetyCheckWords);
  if (first === undefined) return [];
  const others = more.length > 0 ? ` (and ${counted(more.length, 'more safety check')})` : '';
  const limit =
    replicaSetCheckTimeout === undefined
      ? ''
      : `; the cluster waits ${replicaSetCheckTimeout === Number.POSITIVE_INFINITY ? 'without limit' : `at most ${durationText(replicaSetCheckTimeout)}`}`;
  return [`${first}${others}${limit}`];
}

/** The runtime sends no clock of the check itself, only what the policy allows it. */
function healthCheckWords({ monitoringPolicy, unhealthyEvaluations, domainDuration }: Upgrade): string {
  const { healthCheckWait = 0, healthCheckStable, healthCheckRetry } = monitoringPolicy ?? {};
  const wait = healthCheckWait > 0 ? `after a wait of ${durationText(healthCheckWait)} ` : '';
  const stable = `${wait}health must stay good for ${durationText(healthCheckStable ?? 0)}`;
  const action =
    monitoringPolicy?.failureAction === 'Rollback' ? 'it rolls back' : 'it stops and waits for a person';
  const retry =
    healthCheckRetry === undefined
      ? ''
      : `; if it stays bad for ${durationText(wait ? healthCheckWait + healthCheckRetry : healthCheckRetry)} ${action}`;
  const now = unhealthyEvaluations.length > 0 ? ', and is not now' : '';
  const since = domainDuration ? ` (${durationText(domainDuration)} into this domain)` : '';
  return `a health check: ${stable}${now}${retry}${since}`;
}

/** What usually holds up an upgrade that stands still like this. */
export function usualCauses(upgrade: Upgrade): string {
  if (waitsForPerson(upgrade)) return 'nobody has let it go on';
  if (isHealthCheck(upgrade)) return 'a health check that keeps failing; see the unhealthy evaluations';
  const nodes = upgrade.currentDomain?.nodes ?? [];
  if (nodes.some((node) => node.safetyChecks.length > 0))
    return 'a safety check that cannot clear, as when a service has too few instances or no other node has room';
  if (nodes.length > 0)
    return 'an image that is still being pulled, or a container that does not start or does not stop';
  switch (upgrade.state) {
    case 'ProvisioningTarget':
      return 'a slow or full image store, or a compose file or registry that cannot be read';
    case 'UnprovisioningCurrent':
    case 'UnprovisioningTarget':
      return 'a busy image store';
    default:
      return 'a cluster manager or failover manager that is busy or failing over';
  }
}

/** What the rolling upgrade mode means; `''` for one that is not known. */
export function modeWords(upgrade: Upgrade): string {
  const policy = upgrade.monitoringPolicy;
  switch (upgrade.mode) {
    case 'Monitored':
      return policy?.failureAction === 'Rollback'
        ? 'health is checked after each domain, and a failure rolls back'
        : 'health is checked after each domain, and a failure stops and waits for a person';
    case 'UnmonitoredAuto':
      return 'domain after domain, without health checks';
    case 'UnmonitoredManual':
      return 'after each domain it waits for a person';
    default:
      return '';
  }
}

/** The command that lets an upgrade go on which waits for a person. */
function moveNextCommand(upgrade: Upgrade): string {
  const application = typed(upgrade.application.replace(/^fabric:\//, '') || upgrade.deployment);
  const domain = typed(upgrade.currentDomain?.name ?? '');
  return `sfctl application upgrade-resume --application-id ${application} --upgrade-domain-name ${domain}`;
}

const phases: Readonly<Record<string, string>> = {
  PreUpgradeSafetyCheck: 'waiting to be upgraded',
  Upgrading: 'upgrading',
  PostUpgradeSafetyCheck: 'upgraded, settling',
};

function phaseWords(phase: string): string {
  return phases[phase] ?? `in phase ${phase || '(not sent)'}`;
}

/** By kind in lower case: the runtime and the published model do not spell all of them alike. */
const safetyChecks: Readonly<Record<string, (partition: string) => string>> = {
  ensureseednodequorum: () => 'enough seed nodes must stay up',
  ensurepartitionquorum: (partition) => `${partition} must keep its quorum of replicas`,
  waitforprimaryplacement: (partition) => `the primary of ${partition} must be placed again`,
  waitforprimaryswap: (partition) => `the primary of ${partition} must move to another node`,
  waitforreconfiguration: (partition) => `the reconfiguration of ${partition} must end`,
  waitforinbuildreplica: (partition) => `a replica of ${partition} is still being built`,
  ensureavailability: (partition) => `another instance of ${partition} must be up first`,
  waitforresourceavailability: (partition) => `the cluster has no room yet for ${partition}`,
};

function safetyCheckWords({ kind, partitionId }: SafetyCheck): string {
  const partition = partitionId ? `partition ${partitionId}` : 'the partition';
  const words = safetyChecks[kind.toLowerCase()];
  return words
    ? `${words(partition)} (${kind})`
    : `safety check ${kind || '(kind not sent)'} of ${partition}`;
}

export function nodeWords(node: NodeProgress): string {
  return [phaseWords(node.phase), ...node.safetyChecks.map(safetyCheckWords)].join(': ');
}

/** All nodes of a domain in a few words: `1 upgrading, 1 waiting to be upgraded`. */
function nodesSummary(nodes: readonly NodeProgress[]): string {
  const counts = new Map<string, number>();
  for (const { phase } of nodes) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return [...counts].map(([phase, count]) => `${counted(count, 'node')} ${phaseWords(phase)}`).join(', ');
}

/** A cause in one sentence: who reported what, about which entity. */
export function causeWords({ evaluation, where }: Cause): string {
  const { event, kind, description } = evaluation;
  const node = where.get('node');
  const at = node ? ` on node ${node}` : '';
  if (event === undefined) return `${description || `unhealthy ${kind}`}${at}`;
  const report = `${event.source} reported ${event.healthState || evaluation.healthState} for ${event.property}${at}`;
  return event.description ? `${report}: ${event.description}` : report;
}

/** One evaluation of the tree in a line. */
export function evaluationWords(evaluation: Upgrade['unhealthyEvaluations'][number]): string {
  const subject = evaluation.subject.map(([noun, name]) => `${noun} ${name}`).join(', ');
  const tolerated =
    evaluation.maxPercentUnhealthy === undefined
      ? ''
      : `tolerates ${evaluation.maxPercentUnhealthy}% unhealthy`;
  const of = evaluation.totalCount === undefined ? '' : `of ${evaluation.totalCount}`;
  const others = evaluation.others.map(({ name, value }) => `${name} ${value}`).join(', ');
  const facts = [subject, [tolerated, of].filter(Boolean).join(' '), others].filter(Boolean).join('; ');
  return `${evaluation.healthState} ${evaluation.kind}${facts ? ` (${facts})` : ''}: ${evaluation.description}`;
}

/** `4m 01s elapsed, 1h 55m 59s left of 2h 00m 00s`. */
export function clockWords(elapsed: number | undefined, limit: number | undefined): string {
  if (elapsed === undefined) return '';
  const gone = `${durationText(elapsed)} elapsed`;
  if (limit === undefined) return gone;
  if (limit === Number.POSITIVE_INFINITY) return `${gone}, no limit`;
  return `${gone}, ${durationText(Math.max(0, limit - elapsed))} left of ${durationText(limit)}`;
}
