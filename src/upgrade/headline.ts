/** The state of an upgrade as a screen shows it: in a few words, with a mood that selects its glyph and colour. Pure. */
import { formatDuration, formatElapsed } from '../platform/format.ts';
import { type ActiveDomain, findActiveDomain, nameActiveDomain } from './active-domain.ts';
import { getCheckKey, measureWait } from './course.ts';
import { isStoppedByFailure } from './domain-progress.ts';
import type { Finding } from './findings/finding.ts';
import { isAbout } from './findings/finding.ts';
import { endedBeforeRollout, getHealthCheck, isCheckFailing, type UpgradeSnapshot } from './snapshot.ts';
import { isHealthCheck, isKnownState, isNeverUpgraded, isRollback, isWaitingForApproval } from './state.ts';

/** Mood of a state: all is well, under way, somebody should act, something is wrong, or nothing happens. */
export type Mood = 'good' | 'busy' | 'act' | 'bad' | 'idle';

/** The state of an upgrade under way. */
export interface Headline {
  readonly mood: Mood;
  readonly words: string;
  /** The domain, unless the words name it: `UD1, 2 of 3`. */
  readonly domain: string | undefined;
}

/** The versions that an upgrade goes from and to, as far as they are known. */
export interface Versions {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * Finds both versions. The cluster names them in a sentence of unknown language: compose versions are `v` and a number
 * (`DockerComposeAppTypeNameVersionGenerator.cpp`), and the one that is not the target is the other.
 */
export function findVersions({ upgrade, application, course, original, past }: UpgradeSnapshot): Versions {
  const { targetVersion: to } = upgrade;
  // At the end, the sentence names only one.
  const statusDetails = `${upgrade.statusDetails ?? ''} ${original?.statusDetails ?? ''}`;
  const named = new Set(statusDetails.match(/(?<![\w/.-])v\d+(?![\w-])/g));
  const isRelevant = to !== undefined && named.delete(to);
  const [other] = isRelevant && named.size === 1 ? named : [];
  if (!isRollback(upgrade)) return { from: other ?? past?.from, to };
  const left = course.leaves ?? application?.leaves ?? other ?? past?.to;
  return { from: left === to ? undefined : left, to };
}

/** Describes the state of an upgrade that has not ended. @param findings of the same snapshot */
export function describeHeadline(snapshot: UpgradeSnapshot, findings: readonly Finding[]): Headline {
  const { upgrade } = snapshot;
  const { state } = upgrade;
  const active = findActiveDomain(snapshot);
  const domain = active && formatDomain(active);
  if (isNeverUpgraded(upgrade)) return { mood: 'busy', words: 'an upgrade is starting', domain: undefined };
  if (isStoppedByFailure(snapshot)) return { mood: 'bad', words: 'stopped, waiting for approval', domain };
  if (isWaitingForApproval(upgrade))
    return {
      mood: 'act',
      words: isRollback(upgrade) ? 'rolling back, waiting for approval' : 'waiting for approval',
      domain,
    };
  if (isHealthCheck(upgrade)) return describeHealthCheck(active, snapshot);
  const warning = findings.find((one) => isAbout('wait', one) && one.severity === 'warning');
  const mood = warning ? 'act' : 'busy';
  switch (state) {
    case 'ProvisioningTarget':
      return { mood, words: `provisioning ${upgrade.targetVersion ?? ''}`.trim(), domain: undefined };
    case 'RollingForwardInProgress':
    case 'RollingForwardPending':
      if (warning?.code === 'late-start' && upgrade.currentDomain === undefined)
        return { mood, words: 'the rollout has not begun', domain: undefined };
      if (warning?.code === 'safety-check')
        return { mood, words: `waiting on a safety check${describeWait(snapshot)}`, domain };
      return { mood, words: 'rolling forward', domain };
    case 'UnprovisioningCurrent':
      return { mood, words: 'cleaning up', domain: undefined };
    case 'RollingBackInProgress':
    case 'RollingBackPending':
      return { mood: 'bad', words: 'rolling back', domain };
    case 'UnprovisioningTarget':
      return { mood: 'bad', words: 'rolled back, cleaning up', domain: undefined };
    default:
      return { mood: 'act', words: `unknown state ${state ?? '(not sent)'}`, domain };
  }
}

function describeHealthCheck(active: ActiveDomain | undefined, snapshot: UpgradeSnapshot): Headline {
  const place = active?.place === undefined ? '' : ` (${active.place} of ${active.total})`;
  const domain = active ? `${nameActiveDomain(active)}${place}` : undefined;
  if (isCheckFailing(snapshot))
    return {
      mood: 'bad',
      words: domain ? `${domain} is unhealthy so far` : 'unhealthy so far',
      domain: undefined,
    };
  const isWaiting = getHealthCheck(snapshot)?.phase === 'WaitDuration';
  const check = isWaiting ? 'waiting before the health check' : 'checking health';
  return { mood: 'busy', words: domain ? `${check} of ${domain}` : check, domain: undefined };
}

function formatDomain(active: ActiveDomain): string {
  const { place, total } = active;
  const name = nameActiveDomain(active);
  return place === undefined ? name : `${name}, ${place} of ${total}`;
}

/** Describes how long the current domain has waited: as long as the domain takes, unless a watch knows better. */
function describeWait({ upgrade, course }: UpgradeSnapshot): string {
  const keys = (upgrade.currentDomain?.nodes ?? []).flatMap(({ name, safetyChecks }) =>
    safetyChecks.map((check) => getCheckKey(name, check)),
  );
  const wait = measureWait(upgrade, course, keys);
  return wait ? ` for ${wait.isExact ? '' : 'up to '}${formatDuration(wait.most)}` : '';
}

/** The end of an upgrade, or that there was none. */
export interface Ending {
  readonly mood: Mood;
  /** A sentence that names the deployment, without full stop. */
  readonly words: string;
}

/** Describes the end of an upgrade; `undefined` while it is under way. */
export function describeEnding(snapshot: UpgradeSnapshot): Ending | undefined {
  const { upgrade, status, contradiction } = snapshot;
  const { deployment, state, targetVersion, duration } = upgrade;
  const to = targetVersion ? ` to ${targetVersion}` : '';
  const isTimed = duration !== undefined && duration >= 1000 && !endedBeforeRollout(snapshot);
  const time = isTimed ? ` in ${formatElapsed(duration)}` : '';
  if (isNeverUpgraded(upgrade)) {
    if (status?.status === 'Upgrading') return undefined;
    if (status?.status === 'Failed') return { mood: 'bad', words: `${deployment} could not be created` };
    const doubt = status ? '' : ', or its creation failed';
    return { mood: 'idle', words: `${deployment} was never upgraded${doubt}` };
  }
  if (!isKnownState(state)) return undefined;
  if (contradiction) return { mood: 'bad', words: `${deployment} is reported as upgraded${to}, but is not` };
  switch (state) {
    case 'RollingForwardCompleted':
      return { mood: 'good', words: `${deployment} upgraded${to}${time}` };
    case 'RollingBackCompleted':
      return { mood: 'bad', words: `${deployment} was rolled back${to}${time}` };
    case 'Failed':
      return { mood: 'bad', words: `${deployment} failed to upgrade${to}${time}` };
    default:
      return undefined;
  }
}
