using Enclave.Cluster.Children;
using Enclave.Cluster.Clocks;

namespace Enclave.Cluster.Servers;

/// <summary>A broker or a runtime: the command line with <c>serve</c> or <c>runtime</c>.</summary>
internal sealed class EnclaveProgram(string name, PartKind kind, ReservedPort port, HealthProbe probe, StepClock? clock, IReadOnlyList<string> arguments)
    : IPartProgram, IDisposable
{
    public string Name => name;

    public PartKind Kind => kind;

    public Uri Address { get; } = new($"http://127.0.0.1:{port.Number}");

    public ChildCommand Command => new(s_program[0],
        [.. s_program[1..], kind == PartKind.Broker ? "serve" : "runtime", "--port", $"{port.Number}", "--json", .. arguments])
    { Environment = Variables() };

    public int StopSignal => Signals.Terminate;

    /// <summary>Only the process itself: its workers do nothing without it, and end with it.</summary>
    public IReadOnlyList<int> Processes(int pid) => [pid];

    public void Ended(int pid)
    {
        if (clock is not null) StepClock.Forget(pid);
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        (await probe.AskAsync(Address, cancellationToken).ConfigureAwait(false)).IsWell;

    public void Dispose() => port.Dispose();

    private Dictionary<string, string> Variables() => clock is null ? s_kept : new Dictionary<string, string>([.. s_kept, .. clock.Variables]);

    /// <summary>The command line, which is beside this program.</summary>
    private static readonly string[] s_program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Enclave.Cli.dll")];

    /// <summary>
    /// The variables that a child inherits: settings of .NET and of the host, and the place of the host's cache of engines. Addresses and tokens in this
    /// shell's environment, which are for other brokers, are left out.
    /// </summary>
    private static readonly Dictionary<string, string> s_kept = Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where((variable) => variable is "ENCLAVE_ENGINE" or "XDG_STATE_HOME" or "LD_LIBRARY_PATH" || variable.StartsWith("DOTNET_", StringComparison.Ordinal))
        .ToDictionary((variable) => variable, (variable) => Environment.GetEnvironmentVariable(variable)!, StringComparer.Ordinal);
}
