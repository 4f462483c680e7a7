/** Runs a simulated Baseten until the parent disconnects, and sends the parent the address, deployment ID, and key. */

import {findScenario, scenarios} from '../../source/demo/scenarios.ts';
import {startDemo} from '../../source/demo/server.ts';

const {name: scenario} = findScenario(process.argv[2] ?? '') ?? scenarios[0];
const {apiUrl, deploymentId, key} = await startDemo({scenario});
process.send?.({apiUrl, deploymentId, key});
process.on('disconnect', () => process.exit());
