/** Why an upgrade went wrong, or is about to. */
import { type Cause, causesOf, causeWords, shareWords } from '../health.ts';
import type { Situation } from '../situation.ts';
import { counted, durationText, timeText } from '../text.ts';
import {
  hasEnded,
  isNeverUpgraded,
  isRollback,
  type MonitoringPolicy,
  type Upgrade,
  type UpgradeDomainProgress,
  waitsForPerson,
} from '../upgrade.ts';
import { nodeWords } from '../words.ts';
import * as commands from './commands.ts';
import type { Finding, FindingCode, Place } from './finding.ts';

/** Causes that are listed one by one. */
const mostCauses = 5;
const mostNodes = 10;

export function causeFindings(situation: Situation): readonly Finding[] {
  const { upgrade, status } = situation;
  if (isNeverUpgraded(upgrade)) return status?.status === 'Failed' ? [creationFailed(situation)] : [];
  if (upgrade.state === 'Failed') return [failed(situation)];
  if (isRollback(upgrade) || isStopped(situation)) return [turned(situation)];
  return upgrade.unhealthyEvaluations.length > 0 ? [unhealthy(situation, 'warning', '')] : [];
}

/** A failure that, by the policy, only stops it. Whoever lets it go on has seen to the cause. */
function isStopped({ upgrade, application }: Situation): boolean {
  if (upgrade.mode !== 'UnmonitoredManual') return false;
  const isOutOfTime =
    upgrade.domainAtFailure !== undefined && upgrade.domainAtFailure.name === upgrade.currentDomain?.name;
  const isRecorded = [application?.failureReason, upgrade.failureReason].some(Boolean);
  return isOutOfTime || (waitsForPerson(upgrade) && (isRecorded || upgrade.unhealthyEvaluations.length > 0));
}

/** Before it stands what the cause is of: `It was rolled back because …`. */
function leadOf(upgrade: Upgrade): string {
  if (upgrade.state === 'Failed') return 'It failed';
  if (!isRollback(upgrade)) return 'It was stopped';
  return hasEnded(upgrade) || upgrade.state === 'UnprovisioningTarget'
    ? 'It was rolled back'
    : 'It is rolled back';
}

/** The reason of a rollback or a stop: as it is recorded, else as it can be told from what was left behind. */
function turned(situation: Situation): Finding {
  const { upgrade, application, isUntouched } = situation;
  const lead = leadOf(upgrade);
  if (isUntouched) return beforeRollout(situation, lead);
  const recorded = application?.failureReason || upgrade.failureReason;
  switch (recorded || inferredReason(situation)) {
    case 'HealthCheck':
      return unhealthy(situation, 'error', lead);
    case 'UpgradeDomainTimeout':
    case 'OverallUpgradeTimeout':
    case 'Timeout':
      return timeout(situation, lead, recorded);
    case 'Interrupted':
      return {
        ...error('requested', `${lead} because somebody asked for it`, situation),
        next: [...eventCommand(situation), ...again(upgrade)],
      };
    case 'ProcessingFailure':
      return {
        ...error('processing-failure', `${lead} because the cluster could not carry it out`, situation),
        next: [...eventCommand(situation), `See the cluster: ${commands.clusterHealth}`],
      };
    case '':
      return {
        ...error('cause-unknown', `${lead}, and the cause is not recorded`, situation),
        evidence: ['Neither its health nor a time-out is: somebody may have asked for the rollback.'],
        next: [...eventCommand(situation), ...again(upgrade)],
      };
    default:
      return {
        ...error('cause-unknown', `${lead}: ${recorded}`, situation),
        next: [...eventCommand(situation), ...again(upgrade)],
      };
  }
}

/** Timeouts leave behind the domain that was under way, failed health checks the evaluations. */
function inferredReason({ upgrade }: Situation): 'Timeout' | 'HealthCheck' | '' {
  if (upgrade.domainAtFailure) return 'Timeout';
  return upgrade.unhealthyEvaluations.length > 0 ? 'HealthCheck' : '';
}

function error(code: FindingCode, what: string, situation: Situation): Finding {
  return { code, severity: 'error', what, where: [], evidence: whenFailed(situation), next: [] };
}

function unhealthy(situation: Situation, severity: 'error' | 'warning', lead: string): Finding {
  const { upgrade } = situation;
  const { where, evidence, next } = healthOf(situation);
  const domain = where.find(({ kind }) => kind === 'upgrade domain');
  const inDomain = domain ? ` in upgrade domain ${domain.name}` : '';
  const what = lead
    ? `${lead} because its health check failed${inDomain}`
    : `More is unhealthy${inDomain} than its policy tolerates`;
  const isOver = isRollback(upgrade);
  return {
    code: 'unhealthy',
    severity,
    what,
    where,
    evidence: [...evidence, ...(severity === 'error' ? whenFailed(situation) : [])],
    next: [...next, ...(isOver ? again(upgrade) : [])],
  };
}

/** The causes in the tree: the deepest first, each with what the policy tolerates and where to look on. */
function healthOf({ upgrade }: Situation): Pick<Finding, 'where' | 'evidence' | 'next'> {
  const causes = causesOf(upgrade.unhealthyEvaluations);
  const [first] = causes;
  if (first === undefined) return { where: [], evidence: [], next: [] };
  const left = causes.length - mostCauses;
  const shares = upgrade.unhealthyEvaluations.map(shareWords).filter(Boolean);
  return {
    where: placesOf(causes),
    evidence: [
      ...causes.slice(0, mostCauses).map(causeWords),
      ...(left > 0 ? [`… ${counted(left, 'more cause')}`] : []),
      ...shares.map((share) => `${share}.`),
    ],
    next: [...logCommand(first, upgrade), healthCommand(first, upgrade)],
  };
}

function placesOf(causes: readonly Cause[]): readonly Place[] {
  const named = (noun: string) => [...new Set(causes.flatMap(({ where }) => where.get(noun) ?? []))];
  const nodes = [...new Set(causes.flatMap((cause) => cause.nodes))];
  const places = (kind: Place['kind'], names: readonly string[]) =>
    names.slice(0, mostNodes).map((name) => ({ kind, name }));
  return [
    ...places('upgrade domain', named('upgrade domain')),
    ...places('node', nodes),
    ...places('service', named('service')),
    ...places('partition', named('partition')),
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

function timeout(situation: Situation, lead: string, recorded: string): Finding {
  const { upgrade, application, services } = situation;
  const domain = upgrade.domainAtFailure ?? application?.domainAtFailure;
  const { monitoringPolicy: policy } = upgrade;
  const code = timeoutCode(recorded, policy);
  const inDomain = domain?.name ? ` in upgrade domain ${domain.name}` : '';
  const limits = {
    domain: limitWords(policy?.upgradeDomainTimeout),
    upgrade: limitWords(policy?.upgradeTimeout),
  };
  const whats: Partial<Record<FindingCode, string>> = {
    'domain-timeout': `upgrade domain ${domain?.name ?? ''} ran out of time${limits.domain}`,
    'upgrade-timeout': `the upgrade as a whole ran out of time${limits.upgrade}${inDomain}`,
  };
  const either = `time ran out${inDomain}, of the domain${limits.domain} or of the whole upgrade${limits.upgrade}`;
  const health = healthOf(situation);
  const partition = (domain?.nodes ?? []).flatMap((node) => node.safetyChecks)[0]?.partitionId;
  return {
    ...error(code, `${lead} because ${whats[code] ?? either}`, situation),
    where: placesAt(domain),
    evidence: [
      ...nodesAt(domain, services),
      ...(domain && domain.nodes.length === 0 ? ['No node was at work: it was between two domains.'] : []),
      ...health.evidence,
      ...whenFailed(situation),
    ],
    next: [
      ...(partition ? [`See what holds it up: ${commands.partitionHealth(partition)}`] : []),
      ...health.next,
      ...(isRollback(upgrade) ? again(upgrade) : []),
    ],
  };
}

/** Compose does not tell which of its timeouts it was, but often only one of them is set. */
function timeoutCode(recorded: string, policy: MonitoringPolicy | undefined): FindingCode {
  if (recorded === 'UpgradeDomainTimeout') return 'domain-timeout';
  if (recorded === 'OverallUpgradeTimeout') return 'upgrade-timeout';
  const { upgradeDomainTimeout: domain = Infinity, upgradeTimeout: whole = Infinity } = policy ?? {};
  if (whole === Infinity && domain !== Infinity) return 'domain-timeout';
  return domain === Infinity && whole !== Infinity ? 'upgrade-timeout' : 'timeout';
}

function limitWords(limit: number | undefined): string {
  return limit === undefined || limit === Infinity ? '' : ` (${durationText(limit)})`;
}

function placesAt(domain: UpgradeDomainProgress | undefined): readonly Place[] {
  if (domain === undefined) return [];
  const nodes = domain.nodes.slice(0, mostNodes).map(({ name }) => ({ kind: 'node' as const, name }));
  return [...(domain.name ? [{ kind: 'upgrade domain' as const, name: domain.name }] : []), ...nodes];
}

function nodesAt(
  domain: UpgradeDomainProgress | undefined,
  services: Situation['services'],
): readonly string[] {
  const nodes = domain?.nodes ?? [];
  const left = nodes.length - mostNodes;
  return [
    ...nodes.slice(0, mostNodes).map((node) => `node ${node.name} was ${nodeWords(node, services)}`),
    ...(left > 0 ? [`… ${counted(left, 'more node')}`] : []),
  ];
}

function beforeRollout(situation: Situation, lead: string): Finding {
  const { upgrade } = situation;
  return {
    code: 'rolled-back-before-rollout',
    severity: 'error',
    what: `${lead} because somebody asked for it while the new version was still being prepared`,
    where: [],
    evidence: ['The application was never touched; times and policies are those of its last upgrade.'],
    next: again(upgrade),
  };
}

/** The cluster keeps no reason of a failure, only the step that it was at, and what the deployment says since. */
function failed(situation: Situation): Finding {
  const { upgrade, status, application, isUntouched } = situation;
  const said = status?.details ? [`The deployment says: ${status.details}`] : [];
  const step = upgrade.statusDetails ? [`The last step was: ${upgrade.statusDetails}`] : [];
  const when = whenFailed(situation);
  const look = [`See what the deployment says: ${commands.deploymentStatus(upgrade)}`];
  if (status?.status === 'Deleting') {
    const what = 'It failed because the deployment is being removed';
    return { ...error('removed', what, situation), evidence: [...said, ...step, ...when] };
  }
  if (application) {
    const reason = application.failureReason ? ` (${application.failureReason})` : '';
    return {
      ...error('upgrade-failed', `It failed in the middle of the domains${reason}`, situation),
      evidence: [...said, ...step, 'Some domains may have the new version, and others the old.', ...when],
      next: [...look, ...eventCommand(situation), `See its health: ${commands.applicationHealth(upgrade)}`],
    };
  }
  const usual =
    'Usual causes: a compose file with something that Service Fabric does not support, a name of an image or a registry that cannot be read, a full image store.';
  return isUntouched
    ? {
        ...error('provisioning-failed', 'The new version could not be prepared', situation),
        evidence: [...said, ...step, 'The application was never touched: the old version runs on.', usual],
        next: [...look, ...again(upgrade)],
      }
    : {
        ...error('upgrade-failed', 'It failed, and the cluster gives no reason', situation),
        evidence: [
          ...said,
          ...step,
          'It may have failed before the first domain or in the middle of them.',
          usual,
        ],
        next: [...look, `See its health: ${commands.applicationHealth(upgrade)}`],
      };
}

function creationFailed({ upgrade, status }: Situation): Finding {
  return {
    code: 'creation-failed',
    severity: 'error',
    what: 'The deployment could not be created',
    where: [],
    evidence: status?.details ? [`The deployment says: ${status.details}`] : [],
    next: [
      `See what the deployment says: ${commands.deploymentStatus(upgrade)}`,
      `Remove it: ${commands.removeDeployment(upgrade)}`,
      `Then create it anew: ${commands.createDeployment(upgrade)}`,
    ],
  };
}

function whenFailed({ upgrade, application }: Situation): readonly string[] {
  const failedAt = upgrade.failedAt ?? application?.failedAt;
  const said = application?.statusDetails ? [`The application says: ${application.statusDetails}`] : [];
  return [...(failedAt ? [`That was at ${timeText(failedAt)}.`] : []), ...said];
}

/** From the beginning to a minute after the failure. */
function eventCommand({ upgrade, application }: Situation): readonly string[] {
  const from = upgrade.startedAt ?? application?.startedAt;
  const to = upgrade.failedAt ?? application?.failedAt;
  if (from === undefined || to === undefined) return [];
  return [`See what happened: ${commands.events(upgrade, from, new Date(to.getTime() + 60_000))}`];
}

function again(upgrade: Upgrade): readonly string[] {
  return isRollback(upgrade) && !hasEnded(upgrade)
    ? []
    : [`Upgrade again when that is mended: ${commands.startUpgrade(upgrade)}`];
}
