/** What `start` made, or its error with nothing left behind of what it had put on the stack by then. */
export async function startOnStack<T>(start: (stack: AsyncDisposableStack) => Promise<T>): Promise<T> {
  const stack = new AsyncDisposableStack();
  try {
    return await start(stack);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
