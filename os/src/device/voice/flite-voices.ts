// Names of the voices of Flite, the usual one first. By themselves, as they are listed where nothing is spoken.

/** The voices. */
export const fliteVoices = ["slt", "awb", "rms", "kal16"] as const;
