/** Recognizes application and service names where a deployment is expected: `fabric:/web`. Pure. */

/** Times that Service Fabric Explorer and other tools encode a name in an address. */
const maxEncodings = 3;

/** An application or service name, alone or at the end of Service Fabric Explorer's address. */
const applicationUri = /(?:^|\/)fabric:\/*([^/?#]*)/i;

/**
 * Parses the name of an application or of a service, percent-encoded or not.
 * @returns the name of the deployment, empty if the text ends before; `undefined` for a text without such a name
 */
export function parseApplicationUri(text: string): string | undefined {
  let decoded = text.trim();
  for (let count = 0; count < maxEncodings; count++) decoded = decode(decoded);
  return applicationUri.exec(decoded)?.[1];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
