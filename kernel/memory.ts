/**
 * Flags of Node under which the responder's heap stays small in a storm: of 10,000 alerts nothing is kept, but by itself V8 lets garbage grow
 * for 150 MB more than at 1,000 alerts; with these it is some 40 MB. Measured by `npm run bench -- --only storm`.
 */
export const smallHeapFlags = ['--max-semi-space-size=4', '--heap-growing-percent=50'] as const;
