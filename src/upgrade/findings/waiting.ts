/** Explains what an upgrade waits for: since when, until when, and what an operator can do. */
import { formatDuration } from '../../platform/format.ts';
import type { Duration } from '../model.ts';
import { nameDomain, nameNodes } from '../names.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded, isHealthCheck, isNeverUpgraded, isRollback, isWaitingForApproval } from '../state.ts';
import { createFinding, type Finding, toPlaces } from './finding.ts';
import { explainHealthCheck } from './health-check.ts';
import { explainLateStart } from './inconsistency.ts';
import { suggestRollback } from './next-steps.ts';
import { buildCommand, getCommandContext } from './own-commands.ts';
import { explainSafetyChecks, suggestEndOfWait } from './safety-check.ts';
import * as commands from './sfctl-commands.ts';

/** Collects the waits of an upgrade; empty once the upgrade has ended. */
export function collectWaits(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade } = snapshot;
  if (isNeverUpgraded(upgrade) || hasEnded(upgrade)) return [];
  if (isWaitingForApproval(upgrade)) return [explainApproval(snapshot)];
  if (isHealthCheck(upgrade)) return [explainHealthCheck(snapshot)];
  switch (upgrade.state) {
    case 'ProvisioningTarget': {
      const what = `The cluster is building ${upgrade.targetVersion ?? 'the new version'} from the compose file`;
      const evidence = ['The nodes pull the images later.'];
      return [createFinding('provisioning', 'info', what, { evidence })];
    }
    case 'UnprovisioningCurrent': {
      const evidence = ['A rollback is no longer possible.'];
      return [
        createFinding('unprovisioning', 'info', 'The cluster is removing the old version', { evidence }),
      ];
    }
    case 'UnprovisioningTarget':
      return [createFinding('unprovisioning', 'info', 'The cluster is removing the new version')];
    default:
      return [
        ...explainLateStart(snapshot),
        ...withWaysOut([...explainSafetyChecks(snapshot), ...explainSlowNodes(snapshot)], snapshot),
      ];
  }
}

/** Adds what ends the waits to the last of them, so that it comes after the steps that look into them. */
function withWaysOut(waits: readonly Finding[], snapshot: UpgradeSnapshot): readonly Finding[] {
  const last = waits.at(-1);
  if (last === undefined || last.severity !== 'warning') return waits;
  const isCheck = waits.some(({ code, severity }) => code === 'safety-check' && severity === 'warning');
  const steps = isCheck ? suggestEndOfWait(snapshot) : suggestRollback(snapshot);
  return [...waits.slice(0, -1), { ...last, next: [...last.next, ...steps] }];
}

function explainApproval(snapshot: UpgradeSnapshot): Finding {
  const { upgrade } = snapshot;
  const domain = upgrade.currentDomain?.name;
  const rollback = isRollback(upgrade) ? ' the rollback' : '';
  const what = `Waiting for approval to continue${rollback}${domain ? ` with ${nameDomain(domain)}` : ''}`;
  return createFinding('approval', 'warning', what, {
    where: toPlaces('upgrade domain', domain ? [domain] : [], 1),
    next: [
      ...(domain ? [{ what: 'Continue', command: buildCommand('resume', getCommandContext(snapshot)) }] : []),
      ...suggestRollback(snapshot),
    ],
  });
}

/** Time in the current domain after which its nodes count as slow. */
const slowAfterMs: Duration = 600_000;

/** Nodes that the finding names. */
const maxPlaces = 5;

function explainSlowNodes(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade } = snapshot;
  const { currentDomain, domainDuration = 0 } = upgrade;
  // A node that waits for safety checks has a finding of its own.
  const nodes = (currentDomain?.nodes ?? []).filter(
    ({ phase, safetyChecks, duration = Infinity }) =>
      phase === 'Upgrading' && safetyChecks.length === 0 && duration >= slowAfterMs,
  );
  const [first] = nodes;
  if (first === undefined || domainDuration < slowAfterMs) return [];
  const names = nodes.map(({ name }) => name);
  const verb = nodes.length === 1 ? 'is' : 'are';
  const what = `${nameNodes(names, 3, 'Node')} ${verb} not up with ${upgrade.targetVersion ?? 'the new version'} yet`;
  return [
    createFinding('slow-nodes', 'warning', what, {
      where: toPlaces('node', names, maxPlaces),
      evidence: [
        `${currentDomain?.name ? nameDomain(currentDomain.name, 'Domain') : 'The upgrade domain'} began ${formatDuration(domainDuration)} ago.`,
        'Usual causes: an image that is still being pulled, a container that does not start or stop.',
      ],
      next: [
        {
          what: `Show the health of the application on ${nameNodes([first.name], 1)}`,
          command: commands.buildNodeHealth(snapshot, first.name),
        },
      ],
    }),
  ];
}
