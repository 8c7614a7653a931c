/** The gateway's errors: the status, reason phrase and body of each error code. */
import { type Members, writeJson } from './runtime-json.ts';

/** HTTP status and the runtime's message by error code. */
const errors = {
  E_INVALIDARG: [400, 'Invalid argument.'],
  E_ACCESSDENIED: [403, 'Access denied.'],
  E_FAIL: [500, 'Null'],
  E_ABORT: [503, 'Operation aborted.'],
  FABRIC_E_TIMEOUT: [504, 'The operation timed out.'],
  // The runtime has the same message for this and for E_INVALIDARG.
  FABRIC_E_VALUE_TOO_LARGE: [413, 'Invalid argument.'],
  FABRIC_E_INVALID_NAME_URI: [400, 'The name is not valid.'],
  FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR: [400, 'The compose file is not valid.'],
  FABRIC_E_IMAGEBUILDER_UNEXPECTED_ERROR: [500, 'The image builder failed.'],
  FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND: [404, 'The compose deployment was not found.'],
  FABRIC_E_COMPOSE_DEPLOYMENT_ALREADY_EXISTS: [409, 'The compose deployment already exists.'],
  FABRIC_E_COMPOSE_DEPLOYMENT_NOT_UPGRADING: [400, 'The compose deployment is not being upgraded.'],
  FABRIC_E_APPLICATION_NOT_FOUND: [404, 'The application was not found.'],
  FABRIC_E_APPLICATION_TYPE_NOT_FOUND: [404, 'The application type was not found.'],
  FABRIC_E_SERVICE_MANIFEST_NOT_FOUND: [404, 'The service manifest was not found.'],
  FABRIC_E_NODE_NOT_FOUND: [404, 'The node was not found.'],
  FABRIC_E_SERVICE_DOES_NOT_EXIST: [404, 'The service does not exist.'],
  FABRIC_E_PARTITION_NOT_FOUND: [404, 'The partition was not found.'],
  FABRIC_E_APPLICATION_NOT_UPGRADING: [400, 'The application is not being upgraded.'],
  FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION: [409, 'The application is already in the target version.'],
  FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED: [400, 'The upgrade domain is already completed.'],
  // Internal names, which have no message.
  NotFound: [404, 'Null'],
  SerializationError: [500, 'Null'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

/** Error codes of the gateway. */
export type ErrorCode = keyof typeof errors;

/** An error that the gateway answers with. */
export class FabricError extends Error {
  readonly code: ErrorCode;

  /** @param message replaces the runtime's message */
  constructor(code: ErrorCode, message: string = errors[code][1]) {
    super(message);
    this.code = code;
  }
}

/** A response to send. */
export interface Reply {
  readonly status: number;
  readonly reason: string;
  /** `undefined` for a response without a body and a content type. */
  readonly body: Buffer | undefined;
  /** JSON if `undefined`. */
  readonly contentType?: string;
  /** Where a redirect leads to. */
  readonly location?: string;
}

/** Reason phrases that differ from the error code. */
const reasons: Partial<Record<ErrorCode, string>> = {
  E_INVALIDARG: 'Bad Request',
  E_ACCESSDENIED: 'Access Denied',
};

/** Builds the reply for an error. */
export function toReply({ code, message }: FabricError): Reply {
  const document: Members = { Error: { Code: code, Message: message } };
  const body = writeJson(document, { isLegacy: false });
  return { status: errors[code][0], reason: reasons[code] ?? code, body };
}

/** The response to every failed authentication, regardless of the cause. */
export const unauthorized: Reply = { status: 403, reason: 'Client certificate required', body: undefined };
