/** Names of upgrade domains and nodes as they stand in sentences and headings. Pure. */
import { formatList } from '../platform/format.ts';

/** Matches names that say what they are: `UD1`, `ud 1`, `MYUD2`, `/UpgradeDomains/1`. */
const evidentDomain = /UD[ _-]?\d|^ud[ _-]?\d|[Dd]omain|DOMAIN/;

/**
 * Names an upgrade domain. Most clusters number their domains, and a number alone does not read as a name: `UD1`,
 * `domain 0`, `domain N001`.
 */
export function nameDomain(name: string, noun: 'domain' | 'Domain' = 'domain'): string {
  return name === '' || evidentDomain.test(name) ? name : `${noun} ${name}`;
}

/** Names some nodes, and counts the rest: `_node_0, _node_1`, `node 1`, `nodes 1, 2, 3 and 4 more`. */
export function nameNodes(
  names: readonly string[],
  maxNames: number,
  noun: 'node' | 'Node' = 'node',
): string {
  const list = formatList(names, maxNames);
  if (!names.slice(0, maxNames).some((name) => /^\d+$/.test(name))) return list;
  return `${noun}${names.length === 1 ? '' : 's'} ${list}`;
}
