/** What to do where there is no deployment of that name, once it is known which there are. Pure. */
import { type Reach, reaching } from '../../platform/command-target.ts';
import type { Explanation } from '../../platform/errors.ts';
import { similarTo } from './similar-names.ts';

/** Names that are suggested at most, and that are told where none of them is like the one that was asked for. */
const mostSuggested = 3;
const mostTold = 5;

/** Whether it says that there is no deployment of that name, or none any more. */
export function isMissing({ code }: Explanation): boolean {
  return code === 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND';
}

/** The likeliest comes first. @param names of all deployments */
export function nextWhenMissing(
  deployment: string,
  names: readonly string[],
  reach: Reach,
): readonly string[] {
  return [instead(deployment, names, reach), checkEndpoint];
}

export function listDeployments(reach: Reach): string {
  return `List the deployments: ${reaching('sfcompose list', reach)}`;
}

export const checkEndpoint = 'Check that the endpoint is the cluster you mean.';

function instead(deployment: string, names: readonly string[], reach: Reach): string {
  const similar = similarTo(deployment, names).slice(0, mostSuggested);
  if (similar.length > 0) return `Did you mean ${quoted(similar, 'or')}?`;
  if (names.length === 0) return 'There are no compose deployments at all.';
  return names.length <= mostTold
    ? `On this cluster there is ${quoted(names, 'and')}.`
    : listDeployments(reach);
}

/** `"web", "api" or "shop"`. */
function quoted(names: readonly string[], last: 'and' | 'or'): string {
  const all = names.map((name) => `"${name}"`);
  return all.length === 1 ? all.join() : `${all.slice(0, -1).join(', ')} ${last} ${all.at(-1)}`;
}
