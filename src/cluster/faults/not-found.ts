/** What to do where there is no deployment of that name, once it is known which there are. Pure. */
import { addTarget, type CommandTarget } from '../../platform/command-target.ts';
import type { Explanation } from '../../platform/errors.ts';
import { findSimilar } from './similar-names.ts';

/** Names that are suggested at most, and that are told where none of them is like the one that was context for. */
const maxSuggested = 3;
const maxListed = 5;

/** Whether it says that there is no deployment of that name, or none any more. */
export function isDeploymentMissing({ code }: Explanation): boolean {
  return code === 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND';
}

/** The likeliest comes first. @param names of all deployments */
export function suggestNextSteps(
  deployment: string,
  names: readonly string[],
  commandTarget: CommandTarget,
): readonly string[] {
  return [suggestCommand(deployment, names, commandTarget), checkEndpointStep];
}

export function suggestList(commandTarget: CommandTarget): string {
  return `List the deployments: ${addTarget('sfcompose list', commandTarget)}`;
}

export const checkEndpointStep = 'Check that the endpoint is the cluster you mean.';

function suggestCommand(deployment: string, names: readonly string[], commandTarget: CommandTarget): string {
  const similar = findSimilar(deployment, names).slice(0, maxSuggested);
  if (similar.length > 0) return `Did you mean ${formatQuotedList(similar, 'or')}?`;
  if (names.length === 0) return 'There are no compose deployments at all.';
  return names.length <= maxListed
    ? `On this cluster there is ${formatQuotedList(names, 'and')}.`
    : suggestList(commandTarget);
}

/** `"web", "api" or "shop"`. */
function formatQuotedList(names: readonly string[], last: 'and' | 'or'): string {
  const all = names.map((name) => `"${name}"`);
  return all.length === 1 ? all.join() : `${all.slice(0, -1).join(', ')} ${last} ${all.at(-1)}`;
}
