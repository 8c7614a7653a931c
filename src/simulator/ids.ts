/** Derives ids from names, so that they are the same in every run. */
import { createHash } from 'node:crypto';

/** Returns the id of a service's only partition. */
export function getPartitionId(application: string, service: string): string {
  return createGuid(`${application}/${service}`);
}

/** Returns the id of the service's instance on a node. */
export function getInstanceId(application: string, service: string, node: string): string {
  const hash = getPartitionId(application, `${service}/${node}`).replaceAll('-', '');
  return `13${BigInt(`0x${hash.slice(0, 13)}`)
    .toString()
    .padStart(16, '0')}`;
}

/** Returns the id of a node: 32 hexadecimal digits. */
export function getNodeId(node: string): string {
  return createGuid(node).replaceAll('-', '');
}

/** Returns the id of an event. */
export function getEventId(application: string, kind: string, at: number, node: string): string {
  return createGuid([application, kind, at, node].join('/'));
}

function createGuid(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
}
