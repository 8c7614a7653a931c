/** Time limits of requests to the gateway, in milliseconds. */

/** Time beyond the server's limit, for which the server may hold the request, before the client gives up. */
export const graceMs = 5000;

/** Limit for an optional read. */
export const maxRelatedReadMs = 2000;

/** Limit for reading the Microsoft Entra ID settings to explain a denial of access. */
export const maxEntraReadMs = 5000;

/** Largest lead of a cluster's clock over ours. A simulated clock can be ahead. */
export const maxClockLeadMs = 86_400_000;
