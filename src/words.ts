/** What to say of an upgrade: states, modes, phases and safety checks in an operator's words. Pure. */
import { counted, durationText, typed } from './text.ts';
import {
  type Cause,
  causesOf,
  type DeploymentStatus,
  isHealthCheck,
  isKnownState,
  isNeverUpgraded,
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
export function moveNextCommand(upgrade: Upgrade): string {
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

export function safetyCheckWords({ kind, partitionId }: SafetyCheck): string {
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
export function nodesSummary(nodes: readonly NodeProgress[]): string {
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

/** Why it does not go well, as far as the document says: the deepest cause, or where time ran out; else `''`. */
export function reasonWords(upgrade: Upgrade): string {
  const [cause] = causesOf(upgrade.unhealthyEvaluations);
  if (cause) return causeWords(cause);
  const domain = upgrade.domainAtFailure;
  if (domain === undefined) return '';
  const [node] = domain.nodes;
  return `time ran out in upgrade domain ${domain.name}${node ? `: ${node.name} ${nodeWords(node)}` : ''}`;
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
