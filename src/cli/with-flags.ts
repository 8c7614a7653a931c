/** Compares the options of a command with the flags that its code reads. */

/**
 * Options as typed; or `never`, a compile error, if a command reads a flag that its definition lacks, such as one that
 * was renamed.
 */
export type WithFlags<Options, Flags> = [keyof Flags] extends [keyof Options] ? Options : never;
