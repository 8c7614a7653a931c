/** The interface of build agents. Everything for them goes to stderr or to files. */
import type { BuildResult } from '../../monitor/result.ts';
import type { Explanation } from '../../platform/errors.ts';
import type { Secret } from '../../platform/secret.ts';

/** A build agent. */
export interface BuildAgent {
  /** Makes the agent hide a secret in its log, from now on. */
  mask(secret: Secret): void;
  warn(...lines: readonly string[]): void;
  /** @param share from 0 to 1 */
  progress(share: number, text: string): void;
  /** @param explanation of a result that is not a success */
  end(result: BuildResult, explanation: Explanation | undefined): Promise<void>;
}
