/** What the simulated Baseten answers. */
export type Reply = {readonly status: number; readonly body: object};

/** An error as the API tells it. */
export function refuse(status: number, code: string, message: string): Reply {
	return {status, body: {code, message}};
}

/** The longest part of time that can be asked for. */
export const longestSpanMs = 7 * 86_400_000;
