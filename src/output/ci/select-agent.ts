/** Which build agent is told, if any. */

import type { CiChoice } from '../../config/settings.ts';
import type { Host } from '../../platform/host.ts';
import type { BuildAgent } from './agent.ts';

/** Where nobody wants to be told. */
export const nobody: BuildAgent = { warn() {}, progress() {}, async end() {} };

/** @param quiet leaves the error */
export async function buildAgent(choice: CiChoice, quiet: boolean, host: Host): Promise<BuildAgent> {
  const vendor = choice === 'auto' ? await host.ci() : choice;
  if (vendor !== 'github' && vendor !== 'azure') return nobody;
  const agents = await import('./agents.ts');
  return agents[vendor](quiet, host);
}
