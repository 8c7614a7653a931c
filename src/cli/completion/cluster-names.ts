/** Finds the stored clusters for a completion, without output. */
import { readClusterFile } from '../../config/cluster-file.ts';
import type { Host } from '../../platform/host.ts';
import type { Candidate } from './candidates.ts';

/**
 * Returns the stored clusters whose names begin with what is typed; none if the file is broken.
 * @param head the part of the word before the name: `--cluster=`
 */
export async function findClusters(head: string, current: string, host: Host): Promise<readonly Candidate[]> {
  try {
    const { clusters } = await readClusterFile(host);
    return [...clusters]
      .map(([name, { endpoint }]) => ({ word: head + name, meaning: endpoint }))
      .filter(({ word }) => word.startsWith(current));
  } catch {
    return [];
  }
}
