/** JSON text that another program may have written, or that a kill may have cut off. */

/** The value of a text; undefined, which JSON cannot say, when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
