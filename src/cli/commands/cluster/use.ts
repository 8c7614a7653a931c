/** `sfcompose cluster use <name>`: chooses the cluster that commands use. */
import { useCluster } from '../../../config/cluster-document.ts';
import { changeClusterFile } from '../../../config/cluster-file.ts';
import { findCluster } from '../../../config/select-cluster.ts';
import { usageError } from '../../../platform/errors.ts';
import type { Host } from '../../../platform/host.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { type OutputFlags, resolveOutput } from '../../output-options.ts';
import { printChange } from './print-change.ts';

/** Options as typed, not checked yet. */
export interface UseFlags extends OutputFlags {
  readonly none?: boolean | undefined;
}

/** Chooses a cluster, or none. @throws a usage error for an unknown name */
export async function use(name: string | undefined, flags: UseFlags, host: Host): Promise<CommandResult> {
  const output = resolveOutput(flags, host.env);
  if (flags.none && name !== undefined)
    throw usageError(`--none and the name "${name}" contradict each other: use one of them.`);
  if (!flags.none && name === undefined)
    throw usageError('Missing <name>, or --none to use no stored cluster.');
  const changed = await changeClusterFile((document) => {
    if (name !== undefined) findCluster(name, '<name>', document);
    return useCluster(document, name);
  }, host);
  const what =
    name === undefined
      ? 'No stored cluster is in use'
      : `Using ${name}, ${findCluster(name, '<name>', changed).endpoint}`;
  return printChange(changed, name, what, output, host);
}
