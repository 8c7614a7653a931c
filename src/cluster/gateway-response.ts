/** Parses responses of the gateway, and converts unexpected ones to errors. Pure. */
import { GatewayError, type ResponseFault } from './faults/fault.ts';
import type { HttpResponse } from './http-client.ts';
import { parseFabricError } from './wire/fabric-error.ts';
import { parseBody } from './wire/json-body.ts';

/** A parsed document, with its JSON text as received. */
export interface GatewayDocument<T> {
  readonly value: T;
  readonly text: string;
}

/**
 * Parses a successful response.
 * @param parse returns `undefined` for JSON that is not the expected document
 * @param via the proxy that may have sent the response instead of the gateway
 * @throws GatewayError for any other response
 */
export function parseResponse<T>(
  response: HttpResponse,
  parse: (value: unknown, text: string) => T | undefined,
  via: string | undefined,
): GatewayDocument<T> {
  const json = response.status === 200 ? parseBody(response.body) : undefined;
  const value = json && parse(json.value, json.text);
  if (value === undefined) throw new GatewayError(toResponseFault(response, via), response.request);
  return { value, text: json?.text ?? '' };
}

/** Converts an unexpected response to a fault. @param via the proxy that may have sent it instead of the gateway */
export function toResponseFault(response: HttpResponse, via: string | undefined): ResponseFault {
  const { body, request: _, ...head } = response;
  const json = parseBody(body);
  const error = json && parseFabricError(json.value);
  return { kind: 'response', ...head, length: body.length, error, document: error && json.text, via };
}

/** Whether the gateway, or a proxy, denied access. */
export function isAccessDenied({ status }: HttpResponse): boolean {
  return status === 401 || status === 403;
}

/** Whether the gateway did not understand a request: its path, its API version, or a name in it. */
export function isInvalidRequest({ status, body }: HttpResponse): boolean {
  if (status !== 400) return false;
  const json = parseBody(body);
  return json !== undefined && parseFabricError(json.value)?.code === 'E_INVALIDARG';
}
