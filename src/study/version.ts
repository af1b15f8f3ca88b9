// study/ · Version: which crucis wrote a document. A test keeps it equal to package.json.
export const VERSION = "0.1.0";
