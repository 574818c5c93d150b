namespace Enclave.Runtime.Tests;

/// <summary>One runtime with default options, for all tests of a class.</summary>
public sealed class RuntimeFixture : IAsyncLifetime
{
    public RuntimeWorker Runtime { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Runtime = await TestRuntime.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await TestRuntime.BecomesIdle(Runtime);
        await Runtime.DisposeAsync();
    }
}
