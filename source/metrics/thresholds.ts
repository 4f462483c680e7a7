/** From where on something is a finding. Shares are fractions 0–1, times milliseconds. */
export type Thresholds = {
	/** A GPU below this lags behind, while the others are busy. */
	readonly straggler: number;
	readonly gpuMemory: number;
	readonly disk: number;
	readonly ram: number;
	/** Shares of all requests. */
	readonly serverErrors: number;
	readonly clientErrors: number;
	/** Without a sample for so long, what is shown is no longer true. */
	readonly staleMs: number;
};

/** What holds unless the user says otherwise. */
export const defaultThresholds: Thresholds = {
	straggler: 0.1,
	gpuMemory: 0.95,
	disk: 0.9,
	ram: 0.95,
	serverErrors: 0.05,
	clientErrors: 0.2,
	staleMs: 180_000,
};
