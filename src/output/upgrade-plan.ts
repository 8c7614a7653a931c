/** Renders the plan of an upgrade: a screen, lines, and JSON. */
import type { UpgradePlan } from '../monitor/acting/plan.ts';
import { describePlan, describeVersions } from '../monitor/acting/plan-wording.ts';
import { formatNextVersion } from '../monitor/acting/versions.ts';
import { joinLines, literal, type Printable, printable } from '../platform/printable.ts';
import { renderPlainLine } from './plain-line.ts';
import type { Style } from './style.ts';
import { renderTitle } from './title.ts';
import { cut } from './upgrade-screen/line.ts';
import { wrapHanging } from './upgrade-screen/prose.ts';

/** Renders the plan for a terminal: a title with the versions and the cluster, then the policy and the changes. */
export function renderPlan(plan: UpgradePlan, cluster: string, style: Style): Printable {
  const { deployment, fromVersion, toVersion } = plan;
  const from = fromVersion === undefined ? '' : `${fromVersion} ${style.glyphs.arrow} `;
  const versions = printable(`  ${from}${toVersion ? formatNextVersion(toVersion) : '?'}`);
  const name = cut(deployment, style.width - versions.length, style);
  const lines = describePlan(plan).flatMap((line) =>
    wrapHanging(line, style.width - 2, 2).map((text) => literal`  ${text}`),
  );
  const title = renderTitle(literal`${style.strong(name)}${versions}`, cluster, style);
  return literal`${joinLines([title, ...lines])}\n\n`;
}

/** Renders the plan as lines for logs. */
export function renderPlanLines(plan: UpgradePlan, time: Date): Printable {
  const lines = [`upgrade ${describeVersions(plan)}`, ...describePlan(plan)];
  return lines
    .map((line) => renderPlainLine(`${plan.deployment}: ${line}`, time))
    .reduce((all, line) => literal`${all}${line}`, literal``);
}

/** Builds the JSON text of the plan. Durations are milliseconds, `null` for no limit. */
export function buildPlanDocument(plan: UpgradePlan, endpoint: string): string {
  const { deployment, fromVersion = null, toVersion, policy, changes, health = null, fileSha256 } = plan;
  const { mode, replicaSetCheckTimeoutMs, monitoring } = policy;
  const limit = (milliseconds: number) => (Number.isFinite(milliseconds) ? milliseconds : null);
  return JSON.stringify({
    Deployment: deployment,
    FromVersion: fromVersion,
    ToVersion: toVersion?.isExact ? toVersion.version : null,
    ToVersionAbove: toVersion && !toVersion.isExact ? toVersion.version : null,
    RollingUpgradeMode: mode,
    ReplicaSetCheckTimeoutMs: limit(replicaSetCheckTimeoutMs),
    Monitoring: monitoring
      ? {
          FailureAction: monitoring.failureAction,
          HealthCheckWaitMs: monitoring.healthCheckWaitMs,
          HealthCheckStableMs: monitoring.healthCheckStableMs,
          HealthCheckRetryMs: monitoring.healthCheckRetryMs,
          UpgradeTimeoutMs: limit(monitoring.upgradeTimeoutMs),
          UpgradeDomainTimeoutMs: limit(monitoring.upgradeDomainTimeoutMs),
          ConsiderWarningAsError: monitoring.considerWarningAsError,
          MaxPercentUnhealthyNodes: monitoring.maxPercentUnhealthyNodes,
          MaxPercentUnhealthyInstances: monitoring.maxPercentUnhealthyInstances,
        }
      : null,
    Services: changes
      ? {
          Added: changes.added.map(({ name, image = null }) => ({ Name: name, Image: image })),
          Deleted: changes.deleted.map((name) => ({ Name: name })),
          Changed: changes.changed.map(({ name, from, to }) => ({
            Name: name,
            FromImage: from,
            ToImage: to,
          })),
        }
      : null,
    HealthState: health === null ? null : `${health}`,
    FileSha256: fileSha256,
    Endpoint: endpoint,
  });
}
