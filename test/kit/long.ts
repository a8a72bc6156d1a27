/** The short form, `npm test`, tries a part of what the long one does: every kill, every variant, more rounds. */
export const isLong = process.env['COORD_LONG'] === '1';
