/** Parses an ApplicationUpgradeProgressInfo, from `GET /Applications/{id}/$/GetUpgradeProgress`. */
import * as v from 'valibot';
import { applicationUpgradeStates, domainUpgradeStates } from '../../upgrade/enums.ts';
import type { ApplicationUpgrade, UpgradeDomain } from '../../upgrade/model.ts';
import {
  createList,
  enumeration,
  identifier,
  isObject,
  lenient,
  optionalName,
  requiredName,
  seconds,
  text,
  time,
} from './schema.ts';
import {
  domainProgress,
  failureClassification,
  failureReason,
  healthCheckMembers,
  toHealthCheck,
} from './upgrade-domain.ts';

const applicationSchema = v.object({
  Name: identifier,
  TargetApplicationTypeVersion: optionalName,
  UpgradeDomains: createList(v.object({ Name: requiredName, State: enumeration(domainUpgradeStates) })),
  UpgradeState: enumeration(applicationUpgradeStates),
  UpgradeDescription: lenient(
    v.object({
      TargetApplicationTypeVersion: optionalName,
      UpgradeReplicaSetCheckTimeoutInSeconds: seconds,
    }),
    undefined,
  ),
  StartTimestampUtc: time,
  FailureTimestampUtc: time,
  FailureReason: failureReason,
  FailureClassification: failureClassification,
  ...healthCheckMembers,
  UpgradeDomainProgressAtFailure: domainProgress,
  UpgradeStatusDetails: text,
});

/** Limit for domains, far above what any cluster has. A longer list is ignored. */
const maxDomains = 1000;

/** Parses the record; `undefined` for JSON without a target version, which is a different kind of document. */
export function parseApplicationUpgrade(value: unknown): ApplicationUpgrade | undefined {
  if (!isObject(value)) return undefined;
  const members = v.parse(applicationSchema, value);
  const { TargetApplicationTypeVersion: targetVersion, UpgradeDescription: description } = members;
  if (targetVersion === undefined) return undefined;
  const domains = members.UpgradeDomains.map(({ Name, State }) => ({ name: Name, state: State }));
  return {
    application: members.Name,
    targetVersion,
    leaves:
      description?.TargetApplicationTypeVersion === targetVersion
        ? undefined
        : description?.TargetApplicationTypeVersion,
    replicaSetCheckTimeout: description?.UpgradeReplicaSetCheckTimeoutInSeconds,
    state: members.UpgradeState,
    domains: domains.length > maxDomains ? [] : sortDomains(domains),
    startedAt: members.StartTimestampUtc,
    failedAt: members.FailureTimestampUtc,
    failureReason: members.FailureReason,
    failureClassification: members.FailureClassification,
    healthCheck: toHealthCheck(members),
    domainAtFailure: members.UpgradeDomainProgressAtFailure,
    statusDetails: members.UpgradeStatusDetails,
  };
}

/** Restores the order of the upgrade. The runtime lists domains in progress first, completed ones last. */
function sortDomains(domains: readonly UpgradeDomain[]): readonly UpgradeDomain[] {
  const ranks = new Map<UpgradeDomain['state'], number>([
    ['Completed', 0],
    ['InProgress', 1],
  ]);
  const rank = ({ state }: UpgradeDomain) => ranks.get(state) ?? 2;
  return domains.toSorted((one, other) => rank(one) - rank(other));
}
