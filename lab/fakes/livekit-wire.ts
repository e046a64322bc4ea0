import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { NodeReading } from '../../exporters/livekit/domain.ts';

/** A node as LiveKit writes it into Redis. */
export type WireNode = Pick<
  NodeReading,
  'nodeId' | 'cpus' | 'cpuLoadRatio' | 'bytesInPerSecond' | 'bytesOutPerSecond' | 'ownRooms'
> & {
  /** livekit.NodeState by number. */
  readonly state: 0 | 1 | 2 | 3;
  readonly updatedAtSeconds: number;
};

/** Encodes `livekit.Node` with the fields that matter and some that must be skipped (field numbers: livekit_internal.proto, server v1.13.5). */
export function encodeNode(node: WireNode): Uint8Array {
  const rate = new BinaryWriter()
    .tag(3, 0)
    .int64(10)
    .tag(8, 5)
    .float(node.bytesInPerSecond)
    .tag(9, 5)
    .float(node.bytesOutPerSecond)
    .tag(20, 5)
    .float(node.cpuLoadRatio)
    .finish();
  const stats = new BinaryWriter()
    .tag(1, 0)
    .int64(node.updatedAtSeconds - 3_600)
    .tag(2, 0)
    .int64(node.updatedAtSeconds)
    .tag(3, 0)
    .int32(node.ownRooms)
    .tag(7, 0)
    .uint64(123_456_789)
    .tag(12, 5)
    .float(1)
    .tag(17, 0)
    .uint32(node.cpus)
    .tag(21, 5)
    .float(node.cpuLoadRatio)
    .tag(50, 2)
    .bytes(rate)
    .finish();
  return new BinaryWriter()
    .tag(1, 2)
    .string(node.nodeId)
    .tag(2, 2)
    .string('10.0.0.1')
    .tag(3, 0)
    .uint32(node.cpus)
    .tag(4, 2)
    .bytes(stats)
    .tag(5, 0)
    .int32(0)
    .tag(6, 0)
    .int32(node.state)
    .tag(7, 2)
    .string('fra1')
    .finish();
}
