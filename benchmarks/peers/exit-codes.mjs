/** What a process of a peer ends with that has no figure because its jobs see one another. */
export const unclean = 3;
