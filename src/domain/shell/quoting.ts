/** The argument as a shell reads it back: one word, whatever is in it. */
export const quoteArgument = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
