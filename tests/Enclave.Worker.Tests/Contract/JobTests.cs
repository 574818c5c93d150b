namespace Enclave.Worker.Tests;

/// <summary>The contract with tracking of written pages.</summary>
public sealed class JobTests(SharedWorker shared) : JobContract(WorkerSetup.Tracked, shared), IClassFixture<SharedWorker>;

/// <summary>The contract without compilers, as at the strictest level.</summary>
public sealed class JitlessJobTests(SharedWorker shared) : JobContract(WorkerSetup.Tracked.Jitless, shared), IClassFixture<SharedWorker>;

/// <summary>The contract with every page copied back.</summary>
public sealed class CopiedJobTests(SharedWorker shared) : JobContract(WorkerSetup.Copied, shared), IClassFixture<SharedWorker>;
