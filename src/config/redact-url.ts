/** Hides secrets in URLs. */

/** Hides the password and the query of a URL, which may hold secrets. */
export function redactUrl(value: string): string {
  return value.replace(/^([\w+.-]+:\/\/)?.*@/s, '$1***@').replace(/([?#]).+/s, '$1***');
}
