/** A failed read in a few words. */
import type { Lost } from './patient-read.ts';

/** `connection refused; try 2 of 3 in 0.5 s`. */
export function retryWords(lost: Lost): string {
  const { failures, most, pause } = lost;
  return `${faultWords(lost)}; try ${failures + 1} of ${most} in ${(pause / 1000).toFixed(1)} s`;
}

/** `HTTP 503 E_ABORT`, `refused`. */
export function faultWords({ fault }: Pick<Lost, 'fault'>): string {
  if (fault.kind === 'answer') return `HTTP ${fault.status} ${fault.error?.code ?? ''}`.trim();
  const words = faults[fault.kind] ?? fault.cause;
  return fault.proxy ? `proxy: ${words}` : words;
}

const faults: Readonly<Record<string, string>> = {
  refused: 'connection refused',
  'no-route': 'no route to the cluster',
  reset: 'connection broken off',
  timeout: 'no answer in time',
  'unknown-host': 'name not resolved',
};
