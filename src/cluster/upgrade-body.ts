/** Builds the body of a request to upgrade a deployment. Pure. */
import type { ComposeFile } from '../config/compose-file.ts';
import type { RegistryCredentials } from '../config/registry-credentials.ts';
import type { MonitoringPolicy, UpgradePolicy } from '../config/upgrade-policy.ts';

/** A request to upgrade a deployment. */
export interface UpgradeRequest {
  readonly deployment: string;
  readonly composeFile: Pick<ComposeFile, 'text' | 'environment'>;
  readonly policy: UpgradePolicy;
  /** `'none'` and `undefined` send no credentials; the cluster carries none over. */
  readonly registry: RegistryCredentials | 'none' | undefined;
}

/** The replica set check timeout without a limit: the largest unsigned 32-bit number. */
const noCheckTimeout = 4_294_967_295;

/** The runtime's largest time span, which means no limit, in whole milliseconds. */
const noLimitMs = '922337203685477';

/**
 * Builds the JSON text. Sends every member for which the gateway has no default (`ComposeDeploymentsHandler.h`), and
 * durations as strings of milliseconds, which all versions read.
 */
export function buildUpgradeBody({ deployment, composeFile, policy, registry }: UpgradeRequest): string {
  const { mode, replicaSetCheckTimeoutMs, monitoring } = policy;
  return JSON.stringify({
    DeploymentName: deployment,
    ComposeFileContent: composeFile.text.reveal(),
    ...(registry !== undefined &&
      registry !== 'none' && {
        RegistryCredential: {
          RegistryUserName: registry.user,
          RegistryPassword: registry.password.reveal(),
          PasswordEncrypted: registry.isEncrypted,
        },
      }),
    UpgradeKind: 'Rolling',
    RollingUpgradeMode: mode,
    UpgradeReplicaSetCheckTimeoutInSeconds: Number.isFinite(replicaSetCheckTimeoutMs)
      ? replicaSetCheckTimeoutMs / 1000
      : noCheckTimeout,
    ForceRestart: false,
    ...(monitoring && buildMonitoring(monitoring)),
  });
}

function buildMonitoring(policy: MonitoringPolicy) {
  return {
    MonitoringPolicy: {
      FailureAction: policy.failureAction,
      HealthCheckWaitDurationInMilliseconds: formatMilliseconds(policy.healthCheckWaitMs),
      HealthCheckStableDurationInMilliseconds: formatMilliseconds(policy.healthCheckStableMs),
      HealthCheckRetryTimeoutInMilliseconds: formatMilliseconds(policy.healthCheckRetryMs),
      UpgradeTimeoutInMilliseconds: formatMilliseconds(policy.upgradeTimeoutMs),
      UpgradeDomainTimeoutInMilliseconds: formatMilliseconds(policy.upgradeDomainTimeoutMs),
    },
    ApplicationHealthPolicy: {
      ConsiderWarningAsError: policy.considerWarningAsError,
      MaxPercentUnhealthyDeployedApplications: policy.maxPercentUnhealthyNodes,
      DefaultServiceTypeHealthPolicy: {
        MaxPercentUnhealthyServices: 0,
        MaxPercentUnhealthyPartitionsPerService: 0,
        MaxPercentUnhealthyReplicasPerPartition: policy.maxPercentUnhealthyInstances,
      },
      ServiceTypeHealthPolicyMap: [],
    },
  };
}

function formatMilliseconds(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? String(milliseconds) : noLimitMs;
}
