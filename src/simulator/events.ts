/** Builds the events of an application, like the EventStore service, which writes JSON of its own kind. */

import { decodeSegment } from './call.ts';
import type { Deployment } from './deployment.ts';
import { FabricError } from './errors.ts';
import { describeCrash, type InstanceFailure } from './failure.ts';
import { getEventId } from './ids.ts';
import type { Rollout, RolloutStep } from './rollout.ts';
import { toFileTime } from './runtime-json.ts';
import { getCodePackageName, getManifestName } from './service-names.ts';

/** An event of an application. Times are ISO 8601. */
type ApplicationEvent = Readonly<Record<string, string | number | boolean>> & {
  readonly Kind: string;
  readonly TimeStamp: string;
};

/**
 * Lists the events of an application in a span of time.
 * @param query has `StartTimeUtc` and `EndTimeUtc`, and perhaps `EventsTypesFilter`; encoded, and in any letter case
 * @throws `E_INVALIDARG` without a valid start or end, and for a kind that the service does not know
 */
export function listEvents(
  deployment: Deployment | undefined,
  query: ReadonlyMap<string, string>,
): readonly ApplicationEvent[] {
  const parameters = new Map([...query].map(([name, value]) => [name.toLowerCase(), decodeSegment(value)]));
  const start = parseTime(parameters.get('starttimeutc'));
  const end = parseTime(parameters.get('endtimeutc'));
  const kinds = parameters.get('eventstypesfilter')?.toLowerCase().split(',').map(parseKind);
  if (deployment === undefined) return [];
  return deployment.rollouts
    .flatMap((rollout) => listRolloutEvents(deployment, rollout))
    .filter(({ Kind, TimeStamp }) => {
      const time = Date.parse(TimeStamp);
      return time >= start && time <= end && (kinds === undefined || kinds.includes(Kind.toLowerCase()));
    });
}

/** The kinds of events of an application that the service knows. */
const eventKinds = [
  'ApplicationUpgradeStarted',
  'ApplicationUpgradeDomainCompleted',
  'ApplicationUpgradeCompleted',
  'ApplicationUpgradeRollbackStarted',
  'ApplicationUpgradeRollbackCompleted',
  'ApplicationContainerInstanceExited',
  'DeployedServicePackageNewHealthReport',
  // Kinds that do not happen here.
  'ApplicationCreated',
  'ApplicationDeleted',
  'ApplicationNewHealthReport',
  'ApplicationHealthReportExpired',
  'ApplicationProcessExited',
  'DeployedApplicationNewHealthReport',
  'DeployedApplicationHealthReportExpired',
  'DeployedServicePackageHealthReportExpired',
].map((kind) => kind.toLowerCase());

/** Returns a kind without the `Event` that its model has. @param text in lower case */
function parseKind(text: string): string {
  const kind = text.replace(/event$/, '');
  if (!eventKinds.includes(kind)) throw new FabricError('E_INVALIDARG');
  return kind;
}

/** Accepts only whole seconds in UTC, like the service. @returns milliseconds since 1970 */
function parseTime(text: string | undefined): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text ?? '') ? Date.parse(text ?? '') : Number.NaN;
  if (Number.isNaN(time)) throw new FabricError('E_INVALIDARG');
  return time;
}

function listRolloutEvents(deployment: Deployment, rollout: Rollout): readonly ApplicationEvent[] {
  const { steps } = rollout;
  const exits = deployment
    .listCrashes(rollout)
    .flatMap((crash) => [buildExit(deployment, crash), buildCrashReport(deployment, crash)]);
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
  // The id is the activity of the upgrade, which all its events have in common.
  const id = getEventId(deployment.application, 'upgrade', started, '');
  const build = createBuilder(deployment, 'Upgrade', at, id);
  const type = { ApplicationTypeName: deployment.applicationType };
  const isForward = direction === 'forward';
  // Both are the old version in a rollback.
  const versions = {
    ...type,
    CurrentApplicationTypeVersion: from,
    ApplicationTypeVersion: isForward ? to : from,
  };
  const failure = { FailureReason: failureReason };
  const elapsed = { OverallUpgradeElapsedTimeInMs: toMilliseconds(at - started) };
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
        UpgradeDomains: `(${domain})`,
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
  const id = getEventId(deployment.application, 'exit', failedAt, node);
  const build = createBuilder(deployment, 'StateTransition', failedAt / 1000, id);
  return build('ApplicationContainerInstanceExited', {
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

/** Time from an exit to the report of the node on it, and to its arrival in the health store, in milliseconds. */
const reportMs = 6;
const arrivalMs = 757;

/** The longest time span of .NET, which means no end. */
const maxTimeSpanMs = 922_337_203_685_477;

/** Builds the event of the health report on a crash. Unlike the event of the exit, it names the node. */
function buildCrashReport(
  deployment: Deployment,
  { service, node, failedAt }: InstanceFailure,
): ApplicationEvent {
  const id = getEventId(deployment.application, 'report', failedAt, node);
  const build = createBuilder(deployment, 'Health', (failedAt + arrivalMs) / 1000, id);
  return build('DeployedServicePackageNewHealthReport', {
    ServiceManifestName: getManifestName(service),
    ServicePackageInstanceId: Number(toFileTime(failedAt)),
    ServicePackageActivationId: '',
    NodeName: node,
    SourceId: 'System.Hosting',
    Property: `CodePackageActivation:${getCodePackageName(service)}:EntryPoint`,
    HealthState: 'Error',
    TimeToLiveMs: maxTimeSpanMs,
    SequenceNumber: Number(toFileTime(failedAt)),
    Description: describeCrash(service),
    RemoveWhenExpired: false,
    SourceUtcTimestamp: toIso((failedAt + reportMs) / 1000),
  });
}

/** Creates a function that builds events of a category. @param at seconds since 1970 */
function createBuilder({ name }: Deployment, category: string, at: number, id: string) {
  return (kind: string, own: Readonly<Record<string, string | number | boolean>>): ApplicationEvent => ({
    Kind: kind,
    EventInstanceId: id,
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
