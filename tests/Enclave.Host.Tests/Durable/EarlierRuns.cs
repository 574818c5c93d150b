using System.Formats.Tar;
using System.IO.Compression;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>Runs that earlier builds put aside (<c>eng/keep-runs.sh</c>): this build has to wake them.</summary>
internal sealed class EarlierRuns
{
    /// <summary>The key of those that are sealed.</summary>
    public static readonly byte[] Key = [.. Enumerable.Repeat((byte)0x5a, 32)];

    // Name, value, calls after waking, in their order.
    private static readonly (string Name, string Value, string Calls)[] s_expected =
    [
        ("sleep", """[["noted before",true],"noted after"]""", "note after"),
        ("until", "\"woke\"", ""),
        ("signal", "\"noted ann\"", "note ann"),
        ("timeout", "\"TOOL_TIMEOUT\"", ""),
        ("later", """{"arrived":true}""", ""),
        ("approval", "\"wiped disk\"", "wipe disk"),
        ("all", """["noted one",{"who":"ann"},{"arrived":true},"slept","noted two"]""", "note two"),
        ("over", "2", ""),
        ("answered", "\"early\"", ""),
        ("ended", """{"when":"1970-01-01T00:00:00.000Z","big":"1180591620717411303424","bytes":"AQI="}""", ""),
        ("killed", """["again x","TOOL_OUTCOME_UNKNOWN"]""", "again x"),
    ];

    private readonly List<string> _calls = [];

    /// <summary>The kept files: one for each build.</summary>
    public static IEnumerable<TheoryDataRow<string>> Kept =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "Durable", "Earlier"), "*.tar.gz")
            .Order(StringComparer.Ordinal).Select((file) => new TheoryDataRow<string>(Path.GetFileName(file)));

    /// <summary>Unpacks one of them: the folders <c>plain</c> and <c>sealed</c>, and rows of a database in <c>sealed.sql</c>.</summary>
    public static async Task UnpackAsync(string kept, string folder)
    {
        await using FileStream file = File.OpenRead(Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "Durable", "Earlier", kept));
        await using var tar = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: false);
    }

    /// <summary>Wakes all of them, answers what they wait for, and checks what they give and call.</summary>
    public async Task WakeAsync(RunStore store, IReadOnlyList<byte[]> keys, CancellationToken token)
    {
        await using EnclaveHost host = Host(store, keys);
        IReadOnlyList<DurableRun> all = await host.Runs.ListAsync(new RunQuery { AllTenants = true }, token);
        Assert.Equal(s_expected.Select((one) => one.Name).Order(), all.Select((run) => run.Name).Order());
        foreach ((string name, string value, string calls) in s_expected)
        {
            _calls.Clear();
            DurableRun run = all.Single((one) => one.Name == name);
            Assert.Equal(name == "signal" ? "acme" : null, run.Tenant);
            while (run.State != DurableRunState.Ended)
            {
                // One of them has its answer, and one waits for somebody who does not come.
                foreach (DurableWait wait in run.Waits.Where((wait) => wait.Token.Length > 0 && name is not ("answered" or "timeout")))
                {
                    object answer = wait.Kind switch { WaitKind.Signal => new { who = "ann" }, WaitKind.Tool => new { arrived = true }, _ => true };
                    await host.AnswerAsync(wait.Token, answer, token);
                }

                run = await host.ResumeAsync(name, new RunOptions { Tenant = run.Tenant }, token);
            }

            run = (await host.Runs.FindAsync(name, run.Tenant, token))!;
            Assert.True(run.Result!.Success, $"{name}: {run.Result.Error}");
            Assert.Equal((name, value), (name, run.Result.Value.ToJsonString()));
            Assert.Equal((name, calls), (name, string.Join(", ", _calls)));
            Assert.Equal(name switch { "sleep" => "sleeps\n", "ended" => "there\n", "later" => "LOST lost at sea\n", _ => "" }, run.Result.Stdout);
        }
    }

    private EnclaveHost Host(RunStore store, IReadOnlyList<byte[]> keys)
    {
        var options = new EnclaveOptions
        {
            Durable = new DurableOptions { Store = store, Keys = keys, Grace = TimeSpan.Zero, Wakes = false },
            OnToolApproval = (_) => throw new InvalidOperationException("it was asked before"),
            TimeProvider = new LaterClock(),
        };
        options.Tools
            .Add("note", (string text) => Note($"note {text}", $"noted {text}"))
            .Add("ship", (int id) => (object)Note($"ship {id}", "shipped"))
            .Add("wipe", (string text) => Note($"wipe {text}", $"wiped {text}"), new ToolOptions { RequiresApproval = true })
            .Add("again", (string text) => Note($"again {text}", $"again {text}"), new ToolOptions { Idempotent = true })
            .Add("stuck", (string text) => Note($"stuck {text}", "stuck"));
        return new EnclaveHost(options);

        string Note(string call, string result)
        {
            _calls.Add(call);
            return result;
        }
    }

    /// <summary>Years after they were put aside: all of their moments have come.</summary>
    private sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
