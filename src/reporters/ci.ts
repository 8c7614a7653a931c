/** What a build agent is told: warnings on the way, the progress, and how it ended. All of it on stderr or in files. */
import type { Explanation } from '../errors.ts';
import type { Outcome } from '../exit-code.ts';
import type { Host } from '../host.ts';
import type { CiChoice } from '../settings.ts';

export interface BuildAgent {
  warn(text: string): void;
  /** @param share from 0 to 1 */
  progress(share: number, words: string): void;
  /** @param explanation of an ending that is not a success */
  end(ending: BuildEnding, explanation: Explanation | undefined): Promise<void>;
}

interface BuildEnding {
  readonly outcome: Outcome;
  /** Its name, or how many they are. */
  readonly deployment: string;
  readonly targetVersion: string;
  /** How it stands, in words. */
  readonly reason: string;
}

/** Where nobody wants to be told. */
export const nobody: BuildAgent = { warn() {}, progress() {}, async end() {} };

/** @param quiet leaves the error */
export async function buildAgent(choice: CiChoice, quiet: boolean, host: Host): Promise<BuildAgent> {
  const vendor = choice === 'auto' ? await host.ci() : choice;
  if (vendor !== 'github' && vendor !== 'azure') return nobody;
  const agents = await import('./ci-agents.ts');
  return agents[vendor](quiet, host);
}
