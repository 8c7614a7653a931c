/** `sfcompose cluster remove <name>`: removes a stored cluster. */
import { type ClusterDocument, emptyDocument, removeCluster } from '../../../config/cluster-document.ts';
import { changeClusterFile } from '../../../config/cluster-file.ts';
import { findCluster } from '../../../config/select-cluster.ts';
import type { Host } from '../../../platform/host.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { type OutputFlags, resolveOutput } from '../../output-options.ts';
import { printChange } from './print-change.ts';

/** Removes a cluster. @throws a usage error for an unknown name */
export async function remove(name: string, flags: OutputFlags, host: Host): Promise<CommandResult> {
  const output = resolveOutput(flags, host.env);
  let old: ClusterDocument = emptyDocument;
  await changeClusterFile((document) => {
    findCluster(name, '<name>', document);
    old = document;
    return removeCluster(document, name);
  }, host);
  const { endpoint } = findCluster(name, '<name>', old);
  const use = old.inUse === name ? '. It was the cluster in use; now none is' : '';
  return printChange({ ...old, inUse: undefined }, name, `Removed ${name}, ${endpoint}${use}`, output, host);
}
