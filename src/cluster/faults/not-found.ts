/** Next steps for a deployment that does not exist. Pure. */

import { explainVariableIn } from '../../config/undefined-variable.ts';
import { addTarget, type CommandTarget } from '../../platform/command-target.ts';
import type { Explanation } from '../../platform/errors.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { findSimilar } from '../../platform/similar-names.ts';

/** Number of similar names that are suggested. */
const maxSuggestedNames = 3;

/** Number of deployments up to which all names are listed if none is similar. */
const maxListedNames = 5;

const missingCode = 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND';

/** Whether the deployment does not exist or was removed. */
export function isDeploymentMissing({ code }: Explanation): boolean {
  return code === missingCode;
}

/** Explains that a deployment does not exist. @param names names of all deployments; `undefined` if they are not known */
export function explainMissing(
  deployment: string,
  endpoint: string,
  names: readonly string[] | undefined,
  commandTarget: CommandTarget,
): Explanation {
  return {
    outcome: 'not-found',
    code: missingCode,
    what: `There is no compose deployment "${deployment}" on ${endpoint.replace(/^https?:\/\//, '')}.`,
    meaning: 'The deployment was never created, or was removed. Names are case-sensitive.',
    next: suggestNextSteps(deployment, names, commandTarget),
  };
}

/**
 * Suggests similar names, or how to find the right name.
 * @param names names of all deployments; `undefined` if they are not known
 */
export function suggestNextSteps(
  deployment: string,
  names: readonly string[] | undefined,
  commandTarget: CommandTarget,
): readonly NextStep[] {
  return [suggestNames(deployment, names, commandTarget), checkEndpointStep];
}

/** Suggests the command that lists all deployments. */
export function suggestList(commandTarget: CommandTarget): NextStep {
  return { what: 'List the deployments', command: addTarget('sfcompose list', commandTarget) };
}

/** The step for an endpoint that may be the wrong cluster. */
const checkEndpointStep: NextStep = { what: 'Check that the endpoint is the right cluster.' };

function suggestNames(
  deployment: string,
  names: readonly string[] | undefined,
  commandTarget: CommandTarget,
): NextStep {
  const hint = explainVariableIn(deployment);
  if (hint) return { what: hint };
  if (names === undefined) return suggestList(commandTarget);
  const similar = findSimilar(deployment, names).slice(0, maxSuggestedNames);
  if (similar.length > 0) return { what: `Did you mean ${formatNames(similar, 'or')}?` };
  if (names.length === 0) return { what: 'The cluster has no compose deployments.' };
  return names.length <= maxListedNames
    ? {
        what: `The ${names.length === 1 ? 'only compose deployment' : 'compose deployments'} on this cluster: ${formatNames(names, 'and')}.`,
      }
    : suggestList(commandTarget);
}

/** Formats names as `web, api or "my shop"`, with quotes where a name needs them. */
function formatNames(names: readonly string[], conjunction: 'and' | 'or'): string {
  const quoted = names.map((name) => (/^[\w.~-]+$/.test(name) ? name : `"${name}"`));
  return quoted.length === 1
    ? quoted.join()
    : `${quoted.slice(0, -1).join(', ')} ${conjunction} ${quoted.at(-1)}`;
}
