/** Builds the bodies of requests that change the cluster. Pure. */
import type { ComposeFile } from '../config/compose-file.ts';
import type { RegistryCredentials } from '../config/registry-credentials.ts';
import type { MonitoringPolicy, UpgradePolicy } from '../config/upgrade-policy.ts';

/** An upgrade to start. */
export interface UpgradeRequest {
  readonly deployment: string;
  readonly composeFile: Pick<ComposeFile, 'text' | 'environment'>;
  readonly policy: UpgradePolicy;
  /** `undefined` and `none` both leave the new version without credentials. */
  readonly registry: RegistryCredentials | 'none' | undefined;
}

/** The largest unsigned number of 32 bits, which means no limit. */
const endlessSeconds = 2 ** 32 - 1;

/** The runtime's largest time span, which means no limit. */
const endlessDuration = 'P10675199DT2H48M5.4775807S';

/**
 * Builds the body of an upgrade. Has every member, because the runtime has no default for some of them
 * (`httpgateway/ComposeDeploymentsHandler.h`), and a lenient one for others.
 */
export function buildUpgradeBody({ deployment, composeFile, policy, registry }: UpgradeRequest): string {
  return JSON.stringify({
    DeploymentName: deployment,
    ComposeFileContent: composeFile.text.reveal(),
    ...(typeof registry === 'object' && {
      RegistryCredential: {
        RegistryUserName: registry.user,
        RegistryPassword: registry.password.reveal(),
        PasswordEncrypted: registry.isEncrypted,
      },
    }),
    UpgradeKind: 'Rolling',
    RollingUpgradeMode: policy.mode,
    UpgradeReplicaSetCheckTimeoutInSeconds: formatCheckTimeout(policy),
    ForceRestart: false,
    ...(policy.monitoring && buildPolicies(policy.monitoring)),
  });
}

/** Rounds up: 0 seconds would skip the safety checks. */
function formatCheckTimeout({ replicaSetCheckTimeoutMs }: UpgradePolicy): number {
  return Math.min(Math.ceil(replicaSetCheckTimeoutMs / 1000), endlessSeconds);
}

function buildPolicies(policy: MonitoringPolicy) {
  return {
    MonitoringPolicy: {
      FailureAction: policy.failureAction,
      HealthCheckWaitDurationInMilliseconds: formatSpan(policy.healthCheckWaitMs),
      HealthCheckStableDurationInMilliseconds: formatSpan(policy.healthCheckStableMs),
      HealthCheckRetryTimeoutInMilliseconds: formatSpan(policy.healthCheckRetryMs),
      UpgradeTimeoutInMilliseconds: formatSpan(policy.upgradeTimeoutMs),
      UpgradeDomainTimeoutInMilliseconds: formatSpan(policy.upgradeDomainTimeoutMs),
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

/** Formats a span as whole milliseconds, which all runtimes accept. */
function formatSpan(milliseconds: number): string {
  return milliseconds === Infinity ? endlessDuration : String(Math.round(milliseconds));
}

/** Builds the body that lets an upgrade continue with a domain. */
export function buildResumeBody(domain: string): string {
  return JSON.stringify({ UpgradeDomainName: domain });
}
