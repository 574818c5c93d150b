using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Enclave.Engine;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Files that differ from those that the host was built with.</summary>
public sealed class EngineSealTests : IDisposable
{
    private readonly EngineCopy _copy = new();

    [Theory]
    [InlineData("node")]
    [InlineData("libenclave-engine.so")]
    [InlineData("snapshot.bin")]
    public async Task S1_A_host_starts_no_engine_with_one_byte_changed(string name)
    {
        string flipped = _copy.Flip(name);
        var events = new ConcurrentQueue<SecurityEvent>();
        await using var host = new EnclaveHost(new EnclaveOptions { EngineDirectory = _copy.Engine, OnSecurityEvent = events.Enqueue });

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer without an engine");

        Assert.False(result.Success);
        Assert.Equal("start", result.Error!.Data!["phase"]);
        Assert.Contains($"{flipped} is not the file that this version of Enclave was built with", result.Error.Message, StringComparison.Ordinal);
        Assert.Contains("./enclave", result.Error.Message, StringComparison.Ordinal);
        await Within.Becomes(() => !events.IsEmpty, "a security event came");
        Assert.All(events, (told) =>
        {
            Assert.Equal((SecurityEventKind.EngineChanged, 0), (told.Kind, told.ProcessId));
            Assert.Contains(flipped, told.Detail, StringComparison.Ordinal);
        });
        Assert.Empty(host.GetIsolationReport().Workers);
        Assert.DoesNotContain(ProcessTable.WorkersOf(Environment.ProcessId), (pid) =>
            ProcessTable.Command(pid).Any((word) => word.StartsWith(_copy.Engine, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task S1_A_file_that_changes_while_the_host_runs_is_met_at_the_next_start()
    {
        var events = new ConcurrentQueue<SecurityEvent>();
        await using var host = new EnclaveHost(
            new EnclaveOptions { EngineDirectory = _copy.Engine, OnSecurityEvent = events.Enqueue, ToolHandler = static (_, _, _) => default }.WithoutGuard());
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "first answer")).Success);

        _copy.Flip("snapshot.bin");
        // The running worker is still the right one. Its end makes the host start another.
        ExecutionResult last = await Within.Deadline(
            host.RunAsync("for(;;){}", new RunOptions { Timeout = TimeSpan.FromMilliseconds(100) }), "answer of the last good worker");
        ExecutionResult refused = await Within.Deadline(host.RunAsync("return 1"), "answer without an engine");

        Assert.Equal(ErrorCode.Timeout, last.Error?.Code);
        Assert.Equal("start", refused.Error?.Data?["phase"]);
        await Within.Becomes(() => events.Any((told) => told.Kind == SecurityEventKind.EngineChanged), "a security event came");
    }

    [Fact]
    public void S1_A_file_with_one_byte_changed_is_named_with_its_hash()
    {
        string flipped = _copy.Flip("snapshot.bin");
        var seal = new EngineSeal(_copy.Files, EngineSeal.Pins, new SealMemory(null));

        Assert.StartsWith($"{flipped} is not the file that this version of Enclave was built with (SHA-256 ", seal.Check(), StringComparison.Ordinal);
    }

    [Fact]
    public void S1_A_missing_file_is_named()
    {
        string gone = Path.Combine(_copy.Engine, "snapshot.bin");
        File.Delete(gone);

        Assert.Equal($"{gone} is missing", new EngineSeal(_copy.Files, EngineSeal.Pins, new SealMemory(null)).Check());
    }

    [Fact]
    public async Task S1_The_report_names_each_file_by_its_hash()
    {
        await using var host = new EnclaveHost();
        IReadOnlyDictionary<string, string> facts = host.GetIsolationReport().Facts;

        foreach (string path in EngineFiles.EngineNames.Select((name) => Path.Combine(_copy.Files.EngineDirectory, name)))
        {
            using FileStream file = File.OpenRead(path);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), facts[$"sha256.{Path.GetFileName(path)}"]);
        }
    }

    [Theory]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task S2_Files_laid_beside_the_engine_are_nobodys(SecurityLevel level)
    {
        // Without a jail an ordinary user's worker has no user namespace in which its host has rights.
        if (level == SecurityLevel.Permissive) Inspection.Need();
        // Files that V8, node and the loader look for beside themselves when they may. Permissive workers live in this folder.
        string[] names =
        [
            "snapshot_blob.bin", "v8_context_snapshot.bin", "natives_blob.bin", "embedded.bin", "node.snapshot", "node.config.json", "icudtl.dat", "code.cache",
            "package.json", "openssl.cnf",
            "libc.so.6", "libstdc++.so.6", "ld.so.preload",
        ];
        foreach (string name in names) File.WriteAllText(Path.Combine(_copy.Engine, name), "not what it says");

        await using LiveWorker worker = await LiveWorker.At(level, (options) => options.EngineDirectory = _copy.Engine);

        Assert.DoesNotContain(worker.Read("maps").Split('\n'), (line) => line.Contains(_copy.Engine, StringComparison.Ordinal) && names.Any(
            (name) => line.EndsWith($"/{name}", StringComparison.Ordinal)));
    }

    [Fact]
    public void S2_A_memory_of_hashes_is_read_while_only_this_user_can_write_it()
    {
        FileIdentity identity = FileIdentity.Of(Path.Combine(_copy.Engine, "snapshot.bin"))!.Value;
        new SealMemory(_copy.Memory).Remember(identity, "abc123");

        Assert.Equal("abc123", new SealMemory(_copy.Memory).Recall(identity));
    }

    [Theory]
    [InlineData("verified", UnixFileMode.GroupWrite)]
    [InlineData("verified", UnixFileMode.OtherWrite)]
    [InlineData("", UnixFileMode.GroupWrite)]
    [InlineData("", UnixFileMode.OtherWrite)]
    [SupportedOSPlatform("linux")]
    public void S2_A_memory_of_hashes_that_others_may_write_is_not_read(string file, UnixFileMode others)
    {
        ForgeMemory();
        string path = Path.Combine(_copy.Memory, file);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | others);

        Assert.NotNull(new EngineSeal(_copy.Files, EngineSeal.Pins, new SealMemory(_copy.Memory)).Check());
    }

    [Theory]
    [InlineData("verified")]
    [InlineData("")]
    public void S2_A_memory_of_hashes_that_somebody_else_owns_is_not_read(string file)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a file to somebody else");
        ForgeMemory();
        using var chown = System.Diagnostics.Process.Start("chown", ["64999", Path.Combine(_copy.Memory, file)]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);

        Assert.NotNull(new EngineSeal(_copy.Files, EngineSeal.Pins, new SealMemory(_copy.Memory)).Check());
    }

    public void Dispose() => _copy.Dispose();

    /// <summary>A changed file, and a remembered hash that declares it valid. Believing that hash would hide the change.</summary>
    private void ForgeMemory()
    {
        string flipped = _copy.Flip("snapshot.bin");
        new SealMemory(_copy.Memory).Remember(FileIdentity.Of(flipped)!.Value, EngineSeal.Pins["snapshot.bin"]);
        Assert.Null(new EngineSeal(_copy.Files, EngineSeal.Pins, new SealMemory(_copy.Memory)).Check());
    }
}
