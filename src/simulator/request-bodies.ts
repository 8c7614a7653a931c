/** What people send: the JSON bodies of requests, read as the runtime reads them. */
import { nameIn } from './enums.ts';
import { FabricError } from './errors.ts';
import {
  type ApplicationHealthPolicy,
  defaultMonitoring,
  defaultPolicy,
  type MonitoringPolicy,
  type ServiceTypeHealthPolicy,
  type UpgradePolicy,
} from './policy.ts';

export interface ComposeBody {
  readonly deployment: string;
  readonly composeFile: string;
}

export interface UpgradeBody extends ComposeBody {
  readonly policy: UpgradePolicy;
}

type Body = Readonly<Record<string, unknown>>;

/** @throws `SerializationError` for what is no such document */
export function readCompose(bytes: Buffer): ComposeBody {
  return composeOf(parse(bytes));
}

export function readUpgrade(bytes: Buffer): UpgradeBody {
  const body = parse(bytes);
  return { ...composeOf(body), policy: policyOf(body) };
}

export function readDomainName(bytes: Buffer): string {
  return text(parse(bytes)['UpgradeDomainName'], '');
}

function composeOf(body: Body): ComposeBody {
  const deployment = text(body['DeploymentName'], '');
  const composeFile = text(body['ComposeFileContent'], '');
  if (deployment.includes('/')) throw new FabricError('FABRIC_E_INVALID_NAME_URI');
  if (deployment === '' || composeFile === '') throw new FabricError('E_INVALIDARG');
  return { deployment, composeFile };
}

/** The runtime reads member by member: what the policy says counts only once the kind is known to be `Rolling`. */
function policyOf(body: Body): UpgradePolicy {
  const kind = nameIn('upgradeKind', body['UpgradeKind'] ?? 'Rolling');
  if (kind === 'Rolling_ForceRestart') return { ...defaultPolicy, kind };
  if (kind !== 'Rolling') throw new FabricError('E_INVALIDARG');
  const names = Object.keys(body);
  const known = names.includes('UpgradeKind') ? names.slice(names.indexOf('UpgradeKind')) : [];
  const said = (name: string) => (known.includes(name) ? body[name] : undefined);
  const health = said('ApplicationHealthPolicy');
  return {
    kind,
    mode: chosen('upgradeMode', said('RollingUpgradeMode') ?? defaultPolicy.mode),
    replicaSetCheckTimeout: count(
      said('UpgradeReplicaSetCheckTimeoutInSeconds'),
      defaultPolicy.replicaSetCheckTimeout,
    ),
    monitoring: monitoringOf(members(said('MonitoringPolicy') ?? {})),
    health: health === undefined ? undefined : healthOf(members(health)),
  };
}

function monitoringOf(body: Body): MonitoringPolicy {
  return {
    failureAction: chosen('failureAction', body['FailureAction'] ?? defaultMonitoring.failureAction),
    healthCheckWait: span(body['HealthCheckWaitDurationInMilliseconds'], defaultMonitoring.healthCheckWait),
    healthCheckStable: span(
      body['HealthCheckStableDurationInMilliseconds'],
      defaultMonitoring.healthCheckStable,
    ),
    healthCheckRetry: span(body['HealthCheckRetryTimeoutInMilliseconds'], defaultMonitoring.healthCheckRetry),
    upgradeTimeout: span(body['UpgradeTimeoutInMilliseconds'], defaultMonitoring.upgradeTimeout),
    domainTimeout: span(body['UpgradeDomainTimeoutInMilliseconds'], defaultMonitoring.domainTimeout),
  };
}

function healthOf(body: Body): ApplicationHealthPolicy {
  const map = body['ServiceTypeHealthPolicyMap'] ?? [];
  if (!Array.isArray(map)) throw new FabricError('SerializationError');
  return {
    considerWarningAsError: flag(body['ConsiderWarningAsError'], false),
    maxPercentUnhealthyDeployedApplications: count(body['MaxPercentUnhealthyDeployedApplications'], 0),
    defaultServiceType: serviceTypeOf(members(body['DefaultServiceTypeHealthPolicy'] ?? {})),
    serviceTypes: new Map(
      map.map(members).map((entry) => [text(entry['Key'], ''), serviceTypeOf(members(entry['Value'] ?? {}))]),
    ),
  };
}

function serviceTypeOf(body: Body): ServiceTypeHealthPolicy {
  return {
    maxPercentUnhealthyServices: count(body['MaxPercentUnhealthyServices'], 0),
    maxPercentUnhealthyPartitionsPerService: count(body['MaxPercentUnhealthyPartitionsPerService'], 0),
    maxPercentUnhealthyReplicasPerPartition: count(body['MaxPercentUnhealthyReplicasPerPartition'], 0),
  };
}

/** @throws when the enum has no such name or number, and for `Invalid` */
function chosen<Kind extends 'upgradeMode' | 'failureAction'>(kind: Kind, said: unknown) {
  const name = nameIn(kind, said);
  if (name === undefined) throw new FabricError('SerializationError');
  if (name === 'Invalid') throw new FabricError('E_INVALIDARG');
  return name as Exclude<typeof name, 'Invalid'>;
}

function parse(bytes: Buffer): Body {
  try {
    return members(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new FabricError('SerializationError');
  }
}

function members(value: unknown): Body {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  throw new FabricError('SerializationError');
}

function text(value: unknown, fallback: string): string {
  return optional(value, fallback, (given) => typeof given === 'string');
}

function flag(value: unknown, fallback: boolean): boolean {
  return optional(value, fallback, (given) => typeof given === 'boolean');
}

function count(value: unknown, fallback: number): number {
  return optional(
    value,
    fallback,
    (given) => typeof given === 'number' && Number.isInteger(given) && given >= 0,
  );
}

function optional<T>(value: unknown, fallback: T, isRight: (given: unknown) => boolean): T {
  if (value === undefined || value === null) return fallback;
  if (isRight(value)) return value as T;
  throw new FabricError('SerializationError');
}

/** @param value an ISO 8601 duration, or a string of milliseconds. @returns seconds, `Infinity` for no limit */
function span(value: unknown, fallback: number): number {
  const said = text(value, '');
  if (said === '') return fallback;
  const seconds = /^\d+$/.test(said) ? Number(said) / 1000 : isoSeconds(said);
  if (Number.isNaN(seconds)) throw new FabricError('SerializationError');
  return seconds >= 10_675_199 * 86_400 ? Infinity : seconds;
}

function isoSeconds(said: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(said);
  if (parts === null) return Number.NaN;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
