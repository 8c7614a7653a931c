/** Explains a health check: its condition, its progress, and the consequence of a failure. */
import { formatCount, formatDuration } from '../../platform/format.ts';
import { findActiveDomain } from '../active-domain.ts';
import type { HealthCheckPhase } from '../enums.ts';
import type { Duration, HealthCheckProgress, MonitoringPolicy } from '../model.ts';
import { nameDomain } from '../names.ts';
import { getHealthCheck, isCheckFailing, type UpgradeSnapshot } from '../snapshot.ts';
import { describeFailureAction } from '../wording.ts';
import { createFinding, type Finding } from './finding.ts';
import { suggestRollback } from './next-steps.ts';
import { buildApplicationHealth } from './sfctl-commands.ts';
import { findFirstTimeout } from './time-left.ts';

/** Explains a health check. Only newer runtimes send its clock; all send the limits of the policy. */
export function explainHealthCheck(snapshot: UpgradeSnapshot): Finding {
  const { upgrade } = snapshot;
  const { monitoringPolicy: policy } = upgrade;
  const { healthCheckWait = 0, healthCheckStable = 0, healthCheckRetry = Infinity } = policy ?? {};
  const name = findActiveDomain(snapshot)?.name;
  const time = healthCheckStable > 0 ? `stay healthy for ${formatDuration(healthCheckStable)}` : 'be healthy';
  const wait = healthCheckWait > 0 ? `, after a wait of ${formatDuration(healthCheckWait)}` : '';
  const isFailing = isCheckFailing(snapshot);
  const longest = healthCheckWait + healthCheckRetry;
  const timeout = findFirstTimeout(upgrade);
  const isTimeoutFirst =
    timeout !== undefined && timeout.left < Math.max(longest, healthCheckWait + healthCheckStable);
  const check = getHealthCheck(snapshot);
  return createFinding(
    'health-check',
    isFailing ? 'warning' : 'info',
    `${name ? nameDomain(name, 'Domain') : 'The application'} must ${time}${wait}`,
    {
      evidence: [
        ...(check ? describePhase(check, policy) : []),
        ...(policy?.healthCheckStable === 0 ? ['One successful check lets the upgrade continue.'] : []),
        ...(longest === Infinity
          ? []
          : healthCheckRetry === 0
            ? [`After one failed check, ${describeFailureAction(upgrade)}.`]
            : [
                `If ${name ? nameDomain(name) : 'the application'} is still unhealthy after ${formatDuration(longest)}, ${describeFailureAction(upgrade)}.`,
              ]),
        ...(isTimeoutFirst ? [timeout.sentence] : []),
      ],
      next: isFailing ? suggestRollback(snapshot) : [],
    },
  );
}

/** Warns that an upgrade completed in a mode without health checks. An unknown mode gives no warning. */
export function explainUncheckedHealth(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade, original, contradiction } = snapshot;
  if (upgrade.state !== 'RollingForwardCompleted' || contradiction) return [];
  const { mode, unhealthyEvaluations, domainAtFailure } = original ?? upgrade;
  // A failure turns a monitored upgrade into a manual one.
  const hadTrouble = unhealthyEvaluations.length > 0 || domainAtFailure !== undefined;
  const isUnmonitored = mode === 'UnmonitoredAuto' || (mode === 'UnmonitoredManual' && !hadTrouble);
  if (!isUnmonitored) return [];
  return [
    createFinding('health-unchecked', 'warning', `Health was not checked (${mode})`, {
      next: [
        { what: 'Show the health of the application', command: buildApplicationHealth(snapshot) },
        { what: 'To have health checked, use --mode monitored in the next upgrade.' },
      ],
    }),
  ];
}

interface PhaseFacts {
  readonly words: string;
  /** Returns the setting that limits the phase. */
  readonly limit: (policy: MonitoringPolicy) => Duration | undefined;
}

/** Facts about the phases of a health check. */
const phases = new Map<HealthCheckPhase, PhaseFacts>([
  ['WaitDuration', { words: 'Waiting before the check', limit: (policy) => policy.healthCheckWait }],
  ['StableDuration', { words: 'Healthy, and must stay so', limit: (policy) => policy.healthCheckStable }],
  ['Retry', { words: 'Unhealthy, and retrying', limit: (policy) => policy.healthCheckRetry }],
]);

/** Describes how far the check is: `Unhealthy, and retrying: 3m of 10m.` */
function describePhase(
  { phase, elapsed, flips = 0 }: HealthCheckProgress,
  policy: MonitoringPolicy | undefined,
): readonly string[] {
  const facts = phases.get(phase);
  const limit = policy && facts?.limit(policy);
  const time = elapsed === undefined || elapsed < 1000 ? '' : `: ${formatDuration(elapsed)}`;
  const isLimited = limit !== undefined && limit > 0 && limit !== Infinity;
  const of = time && isLimited ? ` of ${formatDuration(limit)}` : '';
  return [
    `${facts?.words ?? `The check is in phase ${phase}`}${time}${of}.`,
    ...(flips > 0 ? [`Health has changed ${formatCount(flips, 'time')} between healthy and unhealthy.`] : []),
  ];
}
