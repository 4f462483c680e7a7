/** Runs a simulated Baseten: sends its address, deployment ID, and key to the parent process, and exits with that. */

import {findScenario, scenarios} from '../../source/demo/scenarios.ts';
import {startDemo} from '../../source/demo/server.ts';

const {name: scenario} = findScenario(process.argv[2] ?? '') ?? scenarios[0];
const {apiUrl, deploymentId, key} = await startDemo({scenario});
process.send?.({apiUrl, deploymentId, key});
process.on('disconnect', () => process.exit());
