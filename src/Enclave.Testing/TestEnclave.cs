using Enclave.Testing.Scripts;
using Enclave.Testing.Workers;

namespace Enclave.Testing;

/// <summary>
/// A host for unit tests. Options, guard, queue, limits, tools and results are the real ones; a simulated worker does what the test defines instead of
/// running JavaScript. It runs wherever .NET runs: it starts no process, and needs no engine and no isolation.
/// </summary>
/// <example>
/// <code>
/// await using var enclave = new TestEnclave(o => o.ToolHandler = orders.Answer);
/// enclave.When("return await callTool('orders')").Runs(async (script) => await script.CallAsync("orders"));
/// var service = new Reports(enclave.Host);
/// </code>
/// </example>
public sealed class TestEnclave : IAsyncDisposable, IDisposable
{
    private readonly ScriptBook _book = new();

    /// <summary>Creates a host with these options. Every level works, whatever isolation this machine offers.</summary>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public TestEnclave(Action<EnclaveOptions>? configure = null)
    {
        var options = new EnclaveOptions();
        configure?.Invoke(options);
        options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>();
        Host = new EnclaveHost(options, loggerFactory: null, new FakeLauncher(_book)) { Watcher = _book };
    }

    /// <summary>The host for the code under test. Disposed with this object.</summary>
    public EnclaveHost Host { get; }

    /// <summary>The scripts that workers received, in order. Refused scripts are not among them.</summary>
    public IReadOnlyList<ScriptRun> Runs => _book.Runs;

    /// <summary>Defines the behaviour of a script with exactly this text. The latest definition applies.</summary>
    public ScriptSetup When(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return _book.Add((run) => run.Code == code);
    }

    /// <summary>Defines the behaviour of the scripts for which the condition is true. The latest definition applies.</summary>
    public ScriptSetup When(Func<ScriptRun, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return _book.Add(condition);
    }

    /// <summary>Disposes the host.</summary>
    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: see <see cref="EnclaveHost.Dispose"/>.</summary>
    public void Dispose() => Host.Dispose();
}
