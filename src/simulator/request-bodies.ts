/** Reads the JSON bodies of requests, like the runtime. */
import type { ComposeSource, RegistryCredentials } from './application-package.ts';
import { findName } from './enums.ts';
import { FabricError } from './errors.ts';
import {
  type ApplicationHealthPolicy,
  defaultMonitoring,
  type MonitoringPolicy,
  type ServiceTypeHealthPolicy,
  type UpgradePolicy,
} from './policy.ts';

/** The body of a request to create a deployment. */
export interface ComposeBody {
  readonly deployment: string;
  readonly source: ComposeSource;
}

/** The body of a request to upgrade a deployment. */
export interface UpgradeBody extends ComposeBody {
  readonly policy: UpgradePolicy;
}

type Body = Readonly<Record<string, unknown>>;

/**
 * Reads a request to create a deployment.
 * @throws `SerializationError` for members of a wrong type; `FABRIC_E_INVALID_NAME_URI` or `E_INVALIDARG` for a missing
 *   name or file
 */
export function readCreation(bytes: Buffer): ComposeBody {
  const body = parseBody(bytes);
  const compose = readCompose(body);
  if (compose.deployment === '' || compose.deployment.includes('/'))
    throw new FabricError('FABRIC_E_INVALID_NAME_URI');
  if (compose.source.composeFile === '') throw new FabricError('E_INVALIDARG');
  return compose;
}

/**
 * Reads a request to upgrade a deployment.
 * @throws `SerializationError` for members of a wrong type, or without a file; `E_INVALIDARG` for an invalid policy
 */
export function readUpgrade(bytes: Buffer): UpgradeBody {
  const body = parseBody(bytes);
  const compose = readCompose(body);
  if (compose.source.composeFile === '') throw new FabricError('SerializationError');
  return { ...compose, policy: parsePolicy(body) };
}

/** @throws `SerializationError` for a member of a wrong type */
export function readDomainName(bytes: Buffer): string {
  return readText(parseBody(bytes)['UpgradeDomainName'], '');
}

function readCompose(body: Body): ComposeBody {
  return {
    deployment: readText(body['DeploymentName'], ''),
    source: {
      composeFile: readText(body['ComposeFileContent'], ''),
      credentials: readCredentials(toMembers(body['RegistryCredential'] ?? {})),
    },
  };
}

/** Reads credentials, which count only if they are complete. */
function readCredentials(body: Body): RegistryCredentials | undefined {
  const user = readText(body['RegistryUserName'], '');
  const password = readText(body['RegistryPassword'], '');
  const isEncrypted = readFlag(body['PasswordEncrypted'], false);
  return user === '' || password === '' ? undefined : { user, password, isEncrypted };
}

/** Stands for the uninitialised memory that the runtime reads in place of a missing number. */
const uninitializedCount = 0xcdcdcdcd;

function parsePolicy(body: Body): UpgradePolicy {
  // Without a kind or a mode, the runtime reads uninitialised memory, which is hardly ever a valid mode.
  const kind = parseEnum('upgradeKind', body['UpgradeKind'] ?? 'Invalid');
  const mode = parseEnum('upgradeMode', body['RollingUpgradeMode'] ?? 'Invalid');
  // Read, but never used.
  readFlag(body['ForceRestart'], false);
  const health = body['ApplicationHealthPolicy'] ?? undefined;
  return {
    kind,
    mode,
    replicaSetCheckTimeout: readCount(body['UpgradeReplicaSetCheckTimeoutInSeconds'], uninitializedCount),
    monitoring: parseMonitoring(toMembers(body['MonitoringPolicy'] ?? {})),
    health: health === undefined ? undefined : parseHealthPolicy(toMembers(health)),
  };
}

function parseMonitoring(body: Body): MonitoringPolicy {
  return {
    failureAction: parseEnum('failureAction', body['FailureAction'] ?? defaultMonitoring.failureAction),
    healthCheckWait: readTimeSpan(
      body['HealthCheckWaitDurationInMilliseconds'],
      defaultMonitoring.healthCheckWait,
    ),
    healthCheckStable: readTimeSpan(
      body['HealthCheckStableDurationInMilliseconds'],
      defaultMonitoring.healthCheckStable,
    ),
    healthCheckRetry: readTimeSpan(
      body['HealthCheckRetryTimeoutInMilliseconds'],
      defaultMonitoring.healthCheckRetry,
    ),
    upgradeTimeout: readTimeSpan(body['UpgradeTimeoutInMilliseconds'], defaultMonitoring.upgradeTimeout),
    domainTimeout: readTimeSpan(body['UpgradeDomainTimeoutInMilliseconds'], defaultMonitoring.domainTimeout),
  };
}

function parseHealthPolicy(body: Body): ApplicationHealthPolicy {
  const map = body['ServiceTypeHealthPolicyMap'] ?? [];
  if (!Array.isArray(map)) throw new FabricError('SerializationError');
  return {
    considerWarningAsError: readFlag(body['ConsiderWarningAsError'], false),
    maxPercentUnhealthyDeployedApplications: readCount(body['MaxPercentUnhealthyDeployedApplications'], 0),
    defaultServiceType: parseServiceTypePolicy(toMembers(body['DefaultServiceTypeHealthPolicy'] ?? {})),
    serviceTypes: new Map(
      map
        .map(toMembers)
        .map((entry) => [
          readText(entry['Key'], ''),
          parseServiceTypePolicy(toMembers(entry['Value'] ?? {})),
        ]),
    ),
  };
}

function parseServiceTypePolicy(body: Body): ServiceTypeHealthPolicy {
  return {
    maxPercentUnhealthyServices: readCount(body['MaxPercentUnhealthyServices'], 0),
    maxPercentUnhealthyPartitionsPerService: readCount(body['MaxPercentUnhealthyPartitionsPerService'], 0),
    maxPercentUnhealthyReplicasPerPartition: readCount(body['MaxPercentUnhealthyReplicasPerPartition'], 0),
  };
}

/** @throws `SerializationError` for an unknown name or number; `E_INVALIDARG` for `Invalid` */
function parseEnum<Kind extends 'upgradeKind' | 'upgradeMode' | 'failureAction'>(kind: Kind, value: unknown) {
  const name = findName(kind, value);
  if (name === undefined) throw new FabricError('SerializationError');
  if (name === 'Invalid') throw new FabricError('E_INVALIDARG');
  return name as Exclude<typeof name, 'Invalid'>;
}

function parseBody(bytes: Buffer): Body {
  try {
    return toMembers(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new FabricError('SerializationError');
  }
}

function toMembers(value: unknown): Body {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  throw new FabricError('SerializationError');
}

function readText(value: unknown, defaultValue: string): string {
  return readOptional(value, defaultValue, (item) => typeof item === 'string');
}

function readFlag(value: unknown, defaultValue: boolean): boolean {
  return readOptional(value, defaultValue, (item) => typeof item === 'boolean');
}

function readCount(value: unknown, defaultValue: number): number {
  return readOptional(
    value,
    defaultValue,
    (item) => typeof item === 'number' && Number.isInteger(item) && item >= 0,
  );
}

function readOptional<T>(value: unknown, defaultValue: T, isValid: (item: unknown) => boolean): T {
  if (value === undefined || value === null) return defaultValue;
  if (isValid(value)) return value as T;
  throw new FabricError('SerializationError');
}

/** Reads an ISO 8601 duration or a string of milliseconds. @returns seconds, `Infinity` for no limit */
function readTimeSpan(value: unknown, defaultValue: number): number {
  const text = readText(value, '');
  if (text === '') return defaultValue;
  const seconds = /^\d+$/.test(text) ? Number(text) / 1000 : parseIsoDuration(text);
  if (Number.isNaN(seconds)) throw new FabricError('SerializationError');
  return seconds >= 10_675_199 * 86_400 ? Infinity : seconds;
}

/** Parses a duration, in which the runtime requires the `T`. @returns seconds, or NaN */
function parseIsoDuration(text: string): number {
  const parts = /^P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(text);
  if (parts === null) return Number.NaN;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
