/** Redacts secrets in URLs. */

/** Redacts user, password, query and fragment of a URL, which may contain secrets. */
export function redactUrl(value: string): string {
  return value.replace(/^([\w+.-]+:\/\/)?.*@/s, '$1***@').replace(/([?#]).+/s, '$1***');
}
