/** US dollars a minute for one GPU of each type: the list price of an H100 is $6.50 an hour. */
const perGpuMinute = {H100: 0.108_33} as const;

/** The instance types of the demo by their ids, and how many GPUs each has. */
export const instanceIds = {trainer: 'demo-instance', sampler: 'demo-sampler-instance'} as const;

/** Returns the response of the prices route. One of the amounts is a string, as the API allows. */
export function pricesBody(gpusPerNode: number): object {
	return {
		instance_types: [
			{
				instance_type: {id: 'demo-small', name: 'CPU', gpu_count: 0, gpu_type: null, gpu_memory_limit_mib: null},
				price: '0.0058',
			},
			{
				instance_type: {id: instanceIds.trainer, name: `H100:${gpusPerNode}`, gpu_count: gpusPerNode, gpu_type: 'H100'},
				price: perGpuMinute.H100 * gpusPerNode,
			},
			{
				instance_type: {id: instanceIds.sampler, name: 'H100:2', gpu_count: 2, gpu_type: 'H100'},
				price: perGpuMinute.H100 * 2,
			},
		],
	};
}
