/** Decides which responses to a write prove that nothing was started. Pure. */
import type { ResponseFault } from './faults/fault.ts';

/** A change of the cluster. */
export type WriteKind = 'upgrade' | 'rollback' | 'resume';

/**
 * Whether a response proves that the cluster started nothing. Not proof are 408, 429 and all 5xx but two: the gateway
 * may have sent the request to the cluster before it, or a proxy, gave up.
 */
export function isRefusal({ status, error }: ResponseFault, kind: WriteKind): boolean {
  if (status === 501) return true;
  if (status === 500) return error !== undefined && /IMAGEBUILDER|^SerializationError$/.test(error.code);
  // The runtime never answers an upgrade with 409, so that its source and its meaning are not known.
  if (status === 409) return kind !== 'upgrade';
  return status >= 300 && status < 500 && status !== 408 && status !== 429;
}
