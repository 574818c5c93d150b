using Enclave.Testing.Scripts;
using Enclave.Testing.Workers;

namespace Enclave.Testing;

/// <summary>
/// A host for unit tests: options, guard, queue, limits, tools and results are the real ones, and a stand-in for the worker does what the test says instead of
/// running JavaScript. It runs wherever .NET does: no process is started, and no engine and no isolation are needed.
/// </summary>
/// <example>
/// <code>
/// await using var enclave = new TestEnclave(o => o.ToolHandler = orders.Answer);
/// enclave.When("return await callTool('orders')").Does(async (script) => await script.CallAsync("orders"));
/// var service = new Reports(enclave.Host);
/// </code>
/// </example>
public sealed class TestEnclave : IAsyncDisposable
{
    private readonly ScriptBook _book = new();

    /// <summary>A host with these options. Every level runs, whatever this machine can isolate.</summary>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TestEnclave(Action<EnclaveOptions>? configure = null)
    {
        var options = new EnclaveOptions();
        configure?.Invoke(options);
        options.AllowDegradedIsolation = Enum.GetValues<IsolationLayer>();
        Host = new EnclaveHost(options, loggerFactory: null, new FakeLauncher(_book)) { Watcher = _book };
    }

    /// <summary>What the code under test is given. Disposed with this.</summary>
    public EnclaveHost Host { get; }

    /// <summary>The scripts that came to a worker, in the order in which they did. Refused ones did not.</summary>
    public IReadOnlyList<ScriptRun> Runs => _book.Runs;

    /// <summary>What a script with exactly this text does. The latest word on a script holds.</summary>
    public ScriptSetup When(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return _book.Add((run) => run.Code == code);
    }

    /// <summary>What the scripts do that this is true of. The latest word on a script holds.</summary>
    public ScriptSetup When(Func<ScriptRun, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return _book.Add(condition);
    }

    /// <summary>Disposes the host.</summary>
    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
