/** Prints the plan of an upgrade. */
import type { UpgradePlan } from '../../../monitor/acting/plan.ts';
import { describeVersions } from '../../../monitor/acting/plan-wording.ts';
import { renderPlanRecord } from '../../../output/json/records.ts';
import { createStyle } from '../../../output/style.ts';
import { buildPlanDocument, renderPlan, renderPlanLines } from '../../../output/upgrade-plan.ts';
import type { Acting } from '../acting/context.ts';
import type { ActingEnd } from '../acting/result.ts';

/** Prints the plan in every format but JSON, which has one document only. */
export function printPlan(plan: UpgradePlan, { settings, host, endpoint }: Acting): void {
  const { stdout, env, clock } = host;
  const time = new Date(clock.now());
  switch (settings.format) {
    case 'table':
      stdout.write(renderPlan(plan, settings.clusterName, createStyle(settings.color, stdout, env)));
      break;
    case 'plain':
      stdout.write(renderPlanLines(plan, time));
      break;
    case 'ndjson':
      stdout.write(renderPlanRecord(plan.deployment, buildPlanDocument(plan, endpoint), time));
      break;
    case 'json':
      break;
  }
}

/** Builds the result of `--dry-run`. */
export function buildPlanResult(plan: UpgradePlan, { endpoint }: Acting): ActingEnd {
  return {
    outcome: 'completed',
    reason: `${plan.deployment}: plan of an upgrade ${describeVersions(plan)}, not started (--dry-run)`,
    document: `{"Plan":${buildPlanDocument(plan, endpoint)}}`,
  };
}
