/** Selects the build agent. */
import type { CiChoice } from '../../config/settings.ts';
import type { Host } from '../../platform/host.ts';
import type { BuildAgent } from './agent.ts';

/** An agent that does nothing, for use outside of builds. */
export const noAgent: BuildAgent = { mask() {}, warn() {}, progress() {}, async end() {} };

/** @param quiet suppresses everything but errors */
export async function selectAgent(choice: CiChoice, quiet: boolean, host: Host): Promise<BuildAgent> {
  const vendor = choice === 'auto' ? await host.detectCi() : choice;
  if (vendor !== 'github' && vendor !== 'azure') return noAgent;
  const { createAzureAgent, createGithubAgent } = await import('./agents.ts');
  return vendor === 'github' ? createGithubAgent(quiet, host) : createAzureAgent(quiet, host);
}
