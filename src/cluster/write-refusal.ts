/** Decides which responses to a write prove that nothing was started. Pure. */
import type { ResponseFault } from './faults/fault.ts';

/** A change of the cluster. */
export type WriteKind = 'upgrade' | 'rollback' | 'resume';

/** Statuses of a request that the gateway has not passed on, or that the cluster does not accept. */
const refusingStatuses = new Set([400, 401, 403, 404, 413, 501]);

/**
 * Reports whether a response proves that the cluster started nothing. No other status does: the gateway may have sent the request
 * to the cluster before it, or a proxy, gave up.
 */
export function isRefusal({ status, error }: ResponseFault, kind: WriteKind): boolean {
  if (refusingStatuses.has(status)) return true;
  if (status === 500) return error !== undefined && /IMAGEBUILDER|^SerializationError$/.test(error.code);
  // The runtime never answers an upgrade with 409, so that its source and its meaning are not known.
  return status === 409 && kind !== 'upgrade';
}
