/** What a build agent is told: warnings on the way, the progress, and how it ended. All of it on stderr or in files. */
import type { Explanation } from '../../platform/errors.ts';
import type { Outcome } from '../../platform/outcome.ts';

export interface BuildAgent {
  warn(text: string): void;
  /** @param share from 0 to 1 */
  progress(share: number, words: string): void;
  /** @param explanation of an ending that is not a success */
  end(ending: BuildResult, explanation: Explanation | undefined): Promise<void>;
}

interface BuildResult {
  /** The upgrade's own verdict, even if the process ends with another outcome. */
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** Its name, or how many they are. */
  readonly deployment: string;
  readonly targetVersion: string;
  /** How it stands, in words. */
  readonly reason: string;
  /** Share that is done, from 0 to 1, if known. */
  readonly share: number | undefined;
}
