/** ApplicationUpgradeProgressInfo, which `GET /Applications/{id}/$/GetUpgradeProgress` answers. */
import * as v from 'valibot';
import type { ApplicationUpgrade, UpgradeDomain } from '../../upgrade/model.ts';
import {
  createList,
  enumeration,
  identifier,
  isObject,
  lenient,
  name,
  requiredName,
  text,
  time,
} from './schema.ts';
import { domainProgress, failureReason } from './upgrade-domain.ts';

/** By number, as gateways asked for an api-version below 3.0 send them: other numbers than those of compose. */
const states = [
  'Invalid',
  'RollingBackInProgress',
  'RollingBackCompleted',
  'RollingForwardPending',
  'RollingForwardInProgress',
  'RollingForwardCompleted',
  'Failed',
  'RollingBackPending',
];

const domainStates = ['Invalid', 'Pending', 'InProgress', 'Completed'];

const applicationSchema = v.object({
  Name: identifier,
  TargetApplicationTypeVersion: name,
  UpgradeDomains: createList(v.object({ Name: requiredName, State: enumeration(domainStates) })),
  UpgradeState: enumeration(states),
  UpgradeDescription: lenient(v.object({ TargetApplicationTypeVersion: name }), undefined),
  StartTimestampUtc: time,
  FailureTimestampUtc: time,
  FailureReason: failureReason,
  UpgradeDomainProgressAtFailure: domainProgress,
  UpgradeStatusDetails: text,
});

/** Far more than any cluster has: where there are more, nothing is known of them. */
const maxDomains = 1000;

/** @returns `undefined` for JSON that is no document of this kind: it names no target version */
export function readApplicationUpgrade(value: unknown): ApplicationUpgrade | undefined {
  if (!isObject(value)) return undefined;
  const members = v.parse(applicationSchema, value);
  if (members.TargetApplicationTypeVersion === '') return undefined;
  const domains = members.UpgradeDomains.map(({ Name, State }) => ({ name: Name, state: State }));
  return {
    application: members.Name,
    targetVersion: members.TargetApplicationTypeVersion,
    requestedVersion: members.UpgradeDescription?.TargetApplicationTypeVersion ?? '',
    state: members.UpgradeState,
    domains: domains.length > maxDomains ? [] : sortDomains(domains),
    startedAt: members.StartTimestampUtc,
    failedAt: members.FailureTimestampUtc,
    failureReason: members.FailureReason,
    domainAtFailure: members.UpgradeDomainProgressAtFailure,
    statusDetails: members.UpgradeStatusDetails,
  };
}

/** The runtime lists what is in progress first, then what is pending, and what is done last. */
function sortDomains(domains: readonly UpgradeDomain[]): readonly UpgradeDomain[] {
  const isDone = ({ state }: UpgradeDomain) => state === 'Completed';
  const isUnderWay = ({ state }: UpgradeDomain) => state === 'InProgress';
  const others = domains.filter((domain) => !isDone(domain) && !isUnderWay(domain));
  return [...domains.filter(isDone), ...domains.filter(isUnderWay), ...others];
}
