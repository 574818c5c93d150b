namespace Enclave.Worker.Tests;

/// <summary>The contract with tracking of written pages.</summary>
public sealed class JobTests() : JobContract(WorkerSetup.Tracked);

/// <summary>The contract without compilers, as at the strictest level.</summary>
public sealed class JitlessJobTests() : JobContract(WorkerSetup.Tracked.Jitless);

/// <summary>The contract with every page copied back.</summary>
public sealed class CopiedJobTests() : JobContract(WorkerSetup.Copied);
