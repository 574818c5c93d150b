/** The exit code of a peer that was not measured because its jobs see one another. */
export const unclean = 3;
