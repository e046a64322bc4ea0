import { z } from 'zod';

const labels = z.record(z.string(), z.string()).default({});
const metadata = z.object({
  name: z.string(),
  labels,
  generation: z.number().default(0),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
});
const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});

/** A Deployment, StatefulSet or DaemonSet as far as its health goes. */
export const WorkloadObject = z
  .object({
    kind: z.string(),
    metadata,
    spec: z.object({ replicas: z.number().default(1) }),
    status: z
      .object({
        readyReplicas: z.number().default(0),
        updatedReplicas: z.number().default(0),
        observedGeneration: z.number().default(0),
        desiredNumberScheduled: z.number().default(0),
        numberReady: z.number().default(0),
        updatedNumberScheduled: z.number().default(0),
      })
      .prefault({}),
  })
  .transform(({ kind, metadata: { name, generation }, spec, status }) => {
    const daemon = kind === 'DaemonSet';
    return {
      kind,
      name,
      wanted: daemon ? status.desiredNumberScheduled : spec.replicas,
      ready: daemon ? status.numberReady : status.readyReplicas,
      updated: daemon ? status.updatedNumberScheduled : status.updatedReplicas,
      observed: status.observedGeneration >= generation,
    };
  });

const container = z.object({
  name: z.string(),
  image: z.string().default(''),
  securityContext: z
    .object({ privileged: z.boolean().optional(), allowPrivilegeEscalation: z.boolean().optional() })
    .optional(),
});

/** A pod as far as its health goes. */
export const PodObject = z.object({
  metadata,
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(container),
    hostNetwork: z.boolean().optional(),
    securityContext: z.object({ runAsNonRoot: z.boolean().optional() }).optional(),
  }),
  status: z
    .object({
      phase: z.string().default('Unknown'),
      containerStatuses: z
        .array(
          z.object({
            name: z.string(),
            restartCount: z.number().default(0),
            state: z.object({ waiting: z.object({ reason: z.string().default('') }).optional() }).prefault({}),
            lastState: z
              .object({
                terminated: z
                  .object({
                    reason: z.string().default(''),
                    exitCode: z.number().default(0),
                    finishedAt: z.string().optional(),
                  })
                  .optional(),
              })
              .prefault({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** A node as far as its health goes. */
export const NodeObject = z.object({
  metadata,
  spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
  status: z.object({ conditions: z.array(condition).default([]) }).prefault({}),
});

/** A Service as far as its health goes. */
export const ServiceObject = z.object({
  metadata,
  spec: z.object({ type: z.string().default('ClusterIP'), selector: z.record(z.string(), z.string()).optional() }),
  status: z
    .object({
      loadBalancer: z
        .object({
          ingress: z.array(z.object({ ip: z.string().optional(), hostname: z.string().optional() })).default([]),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** An EndpointSlice: which addresses stand behind a Service. */
export const EndpointSliceObject = z.object({
  metadata,
  endpoints: z
    .array(z.object({ conditions: z.object({ ready: z.boolean().default(true) }).prefault({}) }))
    .nullable()
    .default([]),
});

/** A cert-manager Certificate. */
export const CertificateObject = z.object({
  metadata,
  status: z.object({ notAfter: z.string().optional(), conditions: z.array(condition).default([]) }).prefault({}),
});

/** A NetworkPolicy. */
export const NetworkPolicyObject = z.object({
  metadata,
  spec: z.object({ podSelector: z.object({ matchLabels: labels.optional() }).prefault({}) }),
});

/** A HorizontalPodAutoscaler. */
export const HpaObject = z.object({
  metadata,
  spec: z.object({
    minReplicas: z.number().default(1),
    maxReplicas: z.number(),
    scaleTargetRef: z.object({ name: z.string(), kind: z.string() }),
  }),
  status: z
    .object({
      currentReplicas: z.number().default(0),
      desiredReplicas: z.number().default(0),
      conditions: z.array(condition).default([]),
    })
    .prefault({}),
});
