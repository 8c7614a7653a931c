/** Time limits of requests to the gateway, in milliseconds. */

/** How much longer than the server's time limit we wait: the server may hold a request all that time. */
export const graceMs = 5000;

/** Limit for an optional read. */
export const maxRelatedReadMs = 2000;

/** Limit for the read of the Microsoft Entra ID settings that helps to explain a refusal. */
export const maxEntraReadMs = 5000;
