/** Parses bearer tokens from the forms in which programs print them. Pure. */
import { Secret } from '../platform/secret.ts';
import type { TokenFacts } from './credential-facts.ts';
import { explainVariable } from './undefined-variable.ts';

/** A bearer token and its claims. */
export interface Token {
  readonly text: Secret;
  readonly facts: TokenFacts;
}

/** Describes the forms that {@link parseToken} accepts, or what a text is instead. Shows nothing else of the text. */
export function describeTokenForms(text: string): string {
  return explainVariable(text) ?? 'Expected the token alone, or JSON with a member accessToken.';
}

/**
 * Parses a token: alone, in quotes, after `Bearer`, or in JSON as printed by the Azure CLI.
 * @param from the option or variable that the text comes from
 */
export function parseToken(text: string, from: string): Token | undefined {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  const token = /^["{]/.test(trimmed) ? findTokenInJson(trimmed) : trimmed.replace(/^Bearer\s+/i, '');
  // Syntax of a bearer token in a header: RFC 6750, section 2.1.
  if (token === undefined || !/^[\w.~+/-]+=*$/.test(token)) return undefined;
  return { text: new Secret(token), facts: { from, ...readClaims(token) } };
}

function findTokenInJson(text: string): string | undefined {
  const value = parseJson(text);
  const token = typeof value === 'object' ? (value?.['accessToken'] ?? value?.['access_token']) : value;
  return typeof token === 'string' ? token : undefined;
}

/** Reads the claims of a JWT, unverified. Other tokens have none. */
function readClaims(token: string): Omit<TokenFacts, 'from'> {
  const payload = token.split('.')[1] ?? '';
  const value = parseJson(Buffer.from(payload, 'base64url').toString());
  const claims = typeof value === 'object' && value !== null ? value : {};
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] || undefined : undefined);
  const expires = new Date(typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : Number.NaN);
  return {
    audience: text('aud'),
    tenant: text('tid'),
    // A user has a name; an application that signs in as itself has an id only.
    user: text('upn') ?? text('preferred_username') ?? text('unique_name') ?? text('appid') ?? text('azp'),
    roles: [claims['roles']].flat().filter((role) => typeof role === 'string'),
    expires: Number.isNaN(expires.getTime()) ? undefined : expires,
  };
}

function parseJson(text: string): Record<string, unknown> | string | null | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
