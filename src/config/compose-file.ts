/** Reads a compose file, and checks that the cluster can use it. */
import type { Secret } from '../platform/secret.ts';

/** A service of the file. */
export interface ComposeService {
  readonly name: string;
  readonly image: string | undefined;
}

/** A compose file that is ready to be sent. */
export interface ComposeFile {
  /** As given; `-` for stdin. */
  readonly path: string;
  /** The text to send. Values of `environment` are secrets, so it cannot print itself. */
  readonly text: Secret;
  /** Of the text to send in UTF-8, lower-case hex. */
  readonly sha256: string;
  /** In the order of the file. */
  readonly services: readonly ComposeService[];
  /** Finds the line, from 1, of a path such as `services.web.image`, or of its nearest parent that exists. */
  findLine(path: string): number | undefined;
}
