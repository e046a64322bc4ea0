import { sfuWorkload as declared } from '../../manifests/catalogue/livekit-sfu.ts';

/** The Deployment whose pods are livekit-servers: one a node, and they drain. */
export const sfuWorkload: string = declared.name;
