/** Builds the events of an application, like the EventStore service, which writes JSON of its own kind. */

import { decodeSegment } from './call.ts';
import type { Deployment } from './deployment.ts';
import { FabricError } from './errors.ts';
import type { InstanceFailure } from './failure.ts';
import { getEventId } from './ids.ts';
import type { Rollout, RolloutStep } from './rollout.ts';
import { getCodePackageName, getManifestName } from './service-names.ts';

/** An event of an application. Times are ISO 8601. */
type ApplicationEvent = Readonly<Record<string, string | number | boolean>> & {
  readonly Kind: string;
  readonly TimeStamp: string;
};

/**
 * Lists the events of an application in a span of time.
 * @param query has `StartTimeUtc` and `EndTimeUtc`, and perhaps `EventsTypesFilter`; encoded, and in any letter case
 * @throws `E_INVALIDARG` without a valid start or end
 */
export function listEvents(
  deployment: Deployment | undefined,
  query: ReadonlyMap<string, string>,
): readonly ApplicationEvent[] {
  const parameters = new Map([...query].map(([name, value]) => [name.toLowerCase(), decodeSegment(value)]));
  const start = parseTime(parameters.get('starttimeutc'));
  const end = parseTime(parameters.get('endtimeutc'));
  const kinds = parameters.get('eventstypesfilter')?.toLowerCase().split(',');
  if (deployment === undefined) return [];
  return deployment.rollouts
    .flatMap((rollout) => listRolloutEvents(deployment, rollout))
    .filter(({ Kind, TimeStamp }) => {
      const time = Date.parse(TimeStamp);
      return time >= start && time <= end && (kinds === undefined || kinds.includes(Kind.toLowerCase()));
    });
}

/** Accepts only whole seconds in UTC, like the service. @returns milliseconds since 1970 */
function parseTime(text: string | undefined): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text ?? '') ? Date.parse(text ?? '') : Number.NaN;
  if (Number.isNaN(time)) throw new FabricError('E_INVALIDARG');
  return time;
}

function listRolloutEvents(deployment: Deployment, rollout: Rollout): readonly ApplicationEvent[] {
  const { steps } = rollout;
  const exits = deployment.listCrashes(rollout).map((crash) => buildExit(deployment, crash));
  return [
    ...steps.flatMap((step, index) => buildUpgradeEvent(deployment, rollout, step, steps[index - 1]) ?? []),
    ...exits,
  ].sort((one, other) => Date.parse(one.TimeStamp) - Date.parse(other.TimeStamp));
}

/** Builds the event of a step, if it has one. @param previous the step before it */
function buildUpgradeEvent(
  deployment: Deployment,
  { from, to, started, policy, failureReason }: Rollout,
  { kind, direction, domain, at }: RolloutStep,
  previous: RolloutStep | undefined,
): ApplicationEvent | undefined {
  const build = createBuilder(deployment, 'Upgrade', at);
  const type = { ApplicationTypeName: deployment.applicationType };
  const versions = { ...type, CurrentApplicationTypeVersion: from, ApplicationTypeVersion: to };
  const failure = { FailureReason: failureReason };
  const elapsed = { OverallUpgradeElapsedTimeInMs: toMilliseconds(at - started) };
  const isForward = direction === 'forward';
  switch (kind) {
    case 'Started':
      return build('ApplicationUpgradeStarted', {
        ...versions,
        UpgradeType: policy.kind,
        RollingUpgradeMode: policy.mode,
        FailureAction: policy.monitoring.failureAction,
      });
    case 'DomainStarted':
      return undefined;
    case 'DomainCompleted':
      return build('ApplicationUpgradeDomainCompleted', {
        ...versions,
        UpgradeState: isForward ? 'RollingForward' : 'RollingBack',
        UpgradeDomains: domain ?? '',
        // The step before is the start of the domain.
        UpgradeDomainElapsedTimeInMs: toMilliseconds(at - (previous?.at ?? at)),
      });
    case 'RollbackStarted':
      return build('ApplicationUpgradeRollbackStarted', { ...versions, ...failure, ...elapsed });
    case 'Ended':
      return isForward
        ? build('ApplicationUpgradeCompleted', { ...type, ApplicationTypeVersion: to, ...elapsed })
        : build('ApplicationUpgradeRollbackCompleted', {
            ...type,
            ApplicationTypeVersion: from,
            ...failure,
            ...elapsed,
          });
  }
}

function buildExit(
  deployment: Deployment,
  { service, image, node, startedAt, failedAt }: InstanceFailure,
): ApplicationEvent {
  const hostId = getEventId(deployment.application, 'host', startedAt, node);
  return createBuilder(
    deployment,
    'StateTransition',
    failedAt / 1000,
    node,
  )('ApplicationContainerInstanceExited', {
    ServiceName: `${deployment.application}/${service}`,
    ServicePackageName: getManifestName(service),
    ServicePackageActivationId: '',
    IsExclusive: false,
    CodePackageName: getCodePackageName(service),
    EntryPointType: 'Exe',
    ImageName: image,
    ContainerName: `sf-0-${hostId}`,
    HostId: hostId,
    ExitCode: 137,
    UnexpectedTermination: true,
    StartTime: toIso(startedAt / 1000),
  });
}

/** Creates a function that builds events of a category. @param at seconds since 1970 */
function createBuilder({ name, application }: Deployment, category: string, at: number, node = '') {
  return (kind: string, own: Readonly<Record<string, string | number | boolean>>): ApplicationEvent => ({
    Kind: kind,
    EventInstanceId: getEventId(application, kind, at, node),
    TimeStamp: toIso(at),
    Category: category,
    HasCorrelatedEvents: false,
    ApplicationId: name.replaceAll('/', '~'),
    ...own,
  });
}

function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
