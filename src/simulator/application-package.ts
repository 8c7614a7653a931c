/** A version of an application, which the image builder makes from a compose file. */
import { type ComposeService, parseComposeFile } from './compose-file.ts';

/** Credentials of an image registry, as sent with a compose file. */
export interface RegistryCredentials {
  readonly user: string;
  readonly password: string;
  readonly isEncrypted: boolean;
}

/** The contents of a request to create or upgrade, from which a version is made. */
export interface ComposeSource {
  readonly composeFile: string;
  /** A version without credentials does not inherit those of the version before. */
  readonly credentials: RegistryCredentials | undefined;
}

/** A version of a deployment's application. */
export interface ApplicationPackage {
  readonly version: string;
  readonly services: readonly ComposeService[];
  readonly credentials: RegistryCredentials | undefined;
}

/** Makes a version. @throws for a compose file that is not valid */
export function createPackage(
  version: string,
  { composeFile, credentials }: ComposeSource,
): ApplicationPackage {
  return { version, services: parseComposeFile(composeFile), credentials };
}
