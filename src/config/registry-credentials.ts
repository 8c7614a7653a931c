/** Resolves the credentials of the image registry. */
import type { Secret } from '../platform/secret.ts';

/** Credentials with which the cluster pulls images. */
export interface RegistryCredentials {
  readonly user: string;
  readonly password: Secret;
  readonly isEncrypted: boolean;
  /** The option or variable that the password comes from, or the terminal. */
  readonly from: string;
}
