// Loaded before every test (`--import`): a connection to anything but this machine fails at once and names the address.
import { Socket } from 'node:net';

const connect = Socket.prototype.connect as (...args: unknown[]) => Socket;

function hostOf(args: readonly unknown[]): string | undefined {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) {
    const options = first as { host?: string; path?: string };
    return options.path === undefined ? (options.host ?? 'localhost') : undefined;
  }
  return typeof first === 'number' && typeof args[1] === 'string' ? args[1] : undefined;
}

Socket.prototype.connect = function guarded(this: Socket, ...args: unknown[]) {
  const host = hostOf(args);
  if (host !== undefined && !/^(localhost|127(\.\d+){3}|::1|\[::1\]|::ffff:127(\.\d+){3})$/.test(host)) {
    throw new Error(`a test tried to reach ${host}: only loopback is allowed`);
  }
  return connect.apply(this, args);
} as typeof Socket.prototype.connect;
