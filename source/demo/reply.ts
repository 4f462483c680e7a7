/** A response of the simulated Baseten. */
export type Reply = {readonly status: number; readonly body: object};

/** Returns an error in the API's format. */
export function refuse(status: number, code: string, message: string): Reply {
	return {status, body: {code, message}};
}

/** The longest time range that can be requested. */
export const longestSpanMs = 7 * 86_400_000;
