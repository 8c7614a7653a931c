/** Explains what an upgrade waits for: since when, until when, and what can be done about it. */
import { capitalize, formatCount, formatDuration, formatList } from '../../platform/format.ts';
import type { Duration, Upgrade } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded, isHealthCheck, isNeverUpgraded, isWaitingForApproval } from '../state.ts';
import { describeFailureAction } from '../wording.ts';
import { createFinding, type Finding, toPlaces } from './finding.ts';
import { suggestRollback } from './next-steps.ts';
import { explainSafetyChecks } from './safety-check.ts';
import * as commands from './sfctl-commands.ts';
import { findFirstTimeout } from './time-left.ts';

/** Collects what the upgrade waits for; empty once it has ended. */
export function collectWaits(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade } = snapshot;
  if (isNeverUpgraded(upgrade) || hasEnded(upgrade)) return [];
  if (isWaitingForApproval(upgrade)) return [explainApproval(upgrade)];
  if (isHealthCheck(upgrade)) return [explainHealthCheck(upgrade)];
  switch (upgrade.state) {
    case 'ProvisioningTarget': {
      const what =
        'The new version must be built from the compose file and registered; images are pulled later';
      return [createFinding('provisioning', 'info', what)];
    }
    case 'UnprovisioningCurrent': {
      const what = 'The old version must be removed; it is too late for a rollback';
      return [createFinding('unprovisioning', 'info', what)];
    }
    case 'UnprovisioningTarget':
      return [createFinding('unprovisioning', 'info', 'The failed version must be removed')];
    default:
      return [...explainSafetyChecks(snapshot), ...explainSlowNodes(upgrade)];
  }
}

function explainApproval(upgrade: Upgrade): Finding {
  const domain = upgrade.currentDomain?.name;
  const to = domain ? ` to upgrade domain ${domain}` : '';
  return createFinding('person', 'warning', `A person must let it go on${to}`, {
    where: toPlaces('upgrade domain', domain ? [domain] : [], 1),
    next: [
      ...(domain ? [{ what: 'To let it go on', command: commands.buildMoveNext(upgrade, domain) }] : []),
      ...suggestRollback(upgrade),
    ],
  });
}

/** Explains a health check. The runtime sends no clock of the check itself, only the limits of the policy. */
function explainHealthCheck(upgrade: Upgrade): Finding {
  const {
    healthCheckWait = 0,
    healthCheckStable = 0,
    healthCheckRetry = Infinity,
  } = upgrade.monitoringPolicy ?? {};
  const before =
    healthCheckWait > 0 ? `for ${formatDuration(healthCheckWait)} nothing is checked, then ` : '';
  const isFailing = upgrade.unhealthyEvaluations.length > 0;
  const what = `${before}its health must stay good for ${formatDuration(healthCheckStable)}`;
  const longest = healthCheckWait + healthCheckRetry;
  const timeout = findFirstTimeout(upgrade);
  const isTimeoutFirst =
    timeout !== undefined && timeout.left < Math.max(longest, healthCheckWait + healthCheckStable);
  return createFinding('health-check', isFailing ? 'warning' : 'info', capitalize(what), {
    evidence: [
      ...(longest === Infinity
        ? []
        : [`If it stays bad for ${formatDuration(longest)}, ${describeFailureAction(upgrade)}.`]),
      ...(isTimeoutFirst ? [`${capitalize(timeout.words)}.`] : []),
    ],
    next: isFailing ? suggestRollback(upgrade) : [],
  });
}

/** Time in the current domain after which its nodes count as slow. */
const slowAfterMs: Duration = 600_000;

/** Nodes that the finding names. */
const maxPlaces = 5;

function explainSlowNodes(upgrade: Upgrade): readonly Finding[] {
  const { currentDomain, domainDuration = 0 } = upgrade;
  const nodes = (currentDomain?.nodes ?? []).filter(({ phase }) => phase === 'Upgrading');
  const [first] = nodes;
  if (first === undefined || domainDuration < slowAfterMs) return [];
  const names = nodes.map(({ name }) => name);
  const what = `${formatCount(nodes.length, 'node')} must come up with the new version`;
  return [
    createFinding('slow-nodes', 'warning', what, {
      where: toPlaces('node', names, maxPlaces),
      evidence: [
        `${formatList(names, 3)}: this domain began ${formatDuration(domainDuration)} ago.`,
        'Usual causes: an image that is still being pulled, a container that does not start or does not stop.',
      ],
      next: [
        { what: 'See what the node says', command: commands.buildNodeHealth(upgrade, first.name) },
        ...suggestRollback(upgrade),
      ],
    }),
  ];
}
