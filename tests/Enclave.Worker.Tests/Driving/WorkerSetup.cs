using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>The settings for starting a worker. By default those of hosts, without a jail.</summary>
internal sealed record WorkerSetup
{
    private static readonly string[] s_everyLevel = ["--disallow-code-generation-from-strings", "--enable-experimental-regexp-engine-on-excessive-backtracks"];

    /// <summary>Tracks the pages that a job writes by write protection.</summary>
    public static WorkerSetup Tracked { get; } = new();

    /// <summary>Copies every page back after each job.</summary>
    public static WorkerSetup Copied { get; } = new() { Form = "open+copy" };

    /// <summary>True if the worker runs under AddressSanitizer (eng/test-native.sh), which is loaded before what it watches.</summary>
    public static bool IsSanitized { get; } = File.Exists(Path.Combine(TestedEngine.NativeFolder, "libasan.so"));

    public string Form { get; private init; } = "open";

    /// <summary>V8's flags, in addition to those of every level.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    public HelloMessage Hello { get; init; } = new(
        Convert.FromHexString("00112233445566778899aabbccddeeff"), 8 << 20, 64 << 20, 512 << 20, ["WebAssembly", "SharedArrayBuffer"]);

    /// <summary>The libraries that it evaluates before its first job.</summary>
    public IReadOnlyList<(string Name, string Source)> Libraries { get; private init; } = [];

    public WorkerSetup With(params (string Name, string Source)[] libraries) => this with
    {
        Libraries = libraries,
        Hello = Hello with { Libraries = new LibraryPlan(libraries.Length, 5_000_000, 64 << 20) },
    };

    public WorkerSetup Jitless => this with { Flags = [.. Flags, "--jitless"] };

    private static string Modules => IsSanitized ? "./libasan.so ./libenclave-engine.so" : "./libenclave-engine.so";

    public IEnumerable<string> Arguments =>
        ["--preload", Modules, "./node", .. s_everyLevel, .. Flags, "worker", "./snapshot.bin", $"{Environment.ProcessId}", Form];

    /// <summary>The arguments of <c>dotnet</c> for the portable worker, which has one form and one flag.</summary>
    public IEnumerable<string> PortableArguments => ["Enclave.Worker.Portable.dll", .. Flags.Where((flag) => flag == "--jitless")];

    /// <summary>The setups for tests of the reset, by name.</summary>
    public static WorkerSetup Named(string name) => name switch
    {
        "tracked" => Tracked,
        "tracked, jitless" => Tracked.Jitless,
        "tracked, awaited" => Tracked with { Hello = Tracked.Hello with { Rehearses = false } },
        "copied" => Copied,
        "copied, jitless" => Copied.Jitless,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such setup"),
    };
}
