/** In what shape the values are printed. */
export const formats = ['text', 'json', 'jsonl'] as const;
