/** Which build agent is told, if any. */
import type { Host } from '../host.ts';
import type { CiChoice } from '../settings.ts';
import type { BuildAgent } from './build-agent.ts';

/** Where nobody wants to be told. */
export const nobody: BuildAgent = { warn() {}, progress() {}, async end() {} };

/** @param quiet leaves the error */
export async function buildAgent(choice: CiChoice, quiet: boolean, host: Host): Promise<BuildAgent> {
  const vendor = choice === 'auto' ? await host.ci() : choice;
  if (vendor !== 'github' && vendor !== 'azure') return nobody;
  const agents = await import('./ci-agents.ts');
  return agents[vendor](quiet, host);
}
