/** Evaluates the health of an upgrade domain, as a monitored upgrade does. */
import type { Rollout } from '../rollout.ts';
import type { Members } from '../runtime-json.ts';
import { type ApplicationState, createDeployedApplication } from './application.ts';
import { evaluateGroup } from './evaluation.ts';

/**
 * Evaluates an upgraded domain, all of whose nodes are up or have crashed.
 * @returns the cause of ill health, or `undefined` if the policy tolerates the health of the domain
 */
export function evaluateDomain(
  state: ApplicationState,
  { policy }: Rollout,
  domain: string,
  nodes: readonly string[],
): Members | undefined {
  const entities = state.instances
    .filter(({ node }) => nodes.includes(node))
    .map((instance) => createDeployedApplication(state, instance));
  const tolerated = policy.health?.maxPercentUnhealthyDeployedApplications ?? 0;
  const evaluation = evaluateGroup('DeployedApplication', entities, { tolerated, domain });
  return evaluation.state === 'Error' ? evaluation.causes[0] : undefined;
}
