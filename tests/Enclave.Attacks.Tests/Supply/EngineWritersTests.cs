using System.Diagnostics;
using System.Security.Cryptography;
using Enclave.Engine;
using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Files with the right hash that another user can change after they were hashed.</summary>
public sealed class EngineWritersTests : IDisposable
{
    private const string Owned = "63001", Nobodys = "64321";

    private readonly OtherWriters _engine;

    public EngineWritersTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a file to somebody else");
        _engine = new OtherWriters();
    }

    [Fact]
    public void S1_Files_that_root_alone_may_write_are_used_in_place() => Assert.Null(Seal().Check());

    [Fact]
    public async Task S1_A_page_that_another_user_dirtied_before_the_hash_changes_without_a_trace_where_writers_are_accepted()
    {
        OtherWriters.Shell("chown", Owned, _engine.Module);
        using Process holder = await _engine.HoldModule();
        var accepting = new EngineSeal(_engine.Files, EngineSeal.Pins, new SealMemory(null)) { AllowsWriters = true };
        Assert.Null(accepting.Check());
        FileIdentity before = FileIdentity.Of(_engine.Module)!.Value;

        await OtherWriters.Change(holder);

        // The attack: other bytes in a file that looks unchanged.
        Assert.Equal(before, FileIdentity.Of(_engine.Module)!.Value);
        using (FileStream file = File.OpenRead(_engine.Module))
            Assert.NotEqual(EngineSeal.Pins["libenclave-engine.so"], Convert.ToHexStringLower(SHA256.HashData(file)));
        Assert.Null(accepting.Check());
        Assert.Contains($"{_engine.Module} belongs to user {Owned}", Seal().Check(), StringComparison.Ordinal);
        await End(holder);
    }

    [Fact]
    public async Task S1_A_mapping_that_outlives_the_right_to_write_is_refused_as_long_as_it_is_there()
    {
        OtherWriters.Shell("chown", Owned, _engine.Module);
        using Process holder = await _engine.HoldModule();
        OtherWriters.Shell("chown", "0:0", _engine.Module);

        Assert.Contains($"{_engine.Module} is open for writing in another process", Seal().Check(), StringComparison.Ordinal);
        // The next host does not trust it either.
        Assert.NotNull(Seal().Check());

        await End(holder);
        Assert.Null(Seal().Check());
        Assert.Null(Seal().Check());
    }

    [Theory]
    [InlineData("chown", Owned, "")]
    [InlineData("chown", Owned, "libenclave-engine.so")]
    [InlineData("chown", Owned, "..")]
    [InlineData("chmod", "777", "")]
    [InlineData("chmod", "775", "..", Nobodys)]
    [InlineData("chmod", "666", "snapshot.bin")]
    [InlineData("chmod", "664", "snapshot.bin", Nobodys)]
    [InlineData("chown -h", Owned, "node")]
    public void S1_Each_place_where_others_may_write_is_named(string how, string what, string where, string? group = null)
    {
        string place = Path.GetFullPath(Path.Combine(_engine.Engine, where));
        if (group is not null) OtherWriters.Shell("chgrp", group, place);
        string[] words = how.Split(' ');
        OtherWriters.Shell(words[0], [.. words[1..], what, place]);

        string fault = Assert.IsType<string>(Seal().Check());

        Assert.StartsWith(
            $"{place.TrimEnd('/')} {(words[0] == "chown" ? $"belongs to user {Owned}" : "may be written by other users")}", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1777", "0")]
    [InlineData("775", "0")]
    [InlineData("755", Nobodys)]
    public void S1_Where_nobody_else_may_replace_a_file_it_is_used(string mode, string group)
    {
        OtherWriters.Shell("chgrp", group, _engine.Above);
        OtherWriters.Shell("chmod", mode, _engine.Above);

        Assert.Null(Seal().Check());
    }

    [Fact]
    public void S1_A_link_on_the_way_that_another_user_may_turn_is_named()
    {
        string link = Path.Combine(_engine.Above, "link");
        Directory.CreateSymbolicLink(link, _engine.Engine);
        OtherWriters.Shell("chown", "-h", Owned, link);

        string? fault = new EngineSeal(_engine.Files with { EngineDirectory = link }, EngineSeal.Pins, new SealMemory(null)).Check();

        Assert.StartsWith($"{link} belongs to user {Owned}", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void S1_Links_that_lead_in_a_circle_end()
    {
        string one = Path.Combine(_engine.Above, "one"), other = Path.Combine(_engine.Above, "other");
        Directory.CreateSymbolicLink(one, other);
        Directory.CreateSymbolicLink(other, one);

        Assert.NotNull(new WriteAccess([0]).Fault(Path.Combine(one, "node")));
    }

    [Fact]
    public async Task S1_A_host_refuses_an_engine_that_others_may_write_unless_that_is_accepted_by_name()
    {
        OtherWriters.Shell("chmod", "777", _engine.Above);
        await using (var host = new EnclaveHost(new EnclaveOptions { EngineDirectory = _engine.Engine }))
        {
            ExecutionResult refused = await Within.Deadline(host.RunAsync("return 1"), "answer without an engine");

            Assert.Equal((ErrorCode.IsolationUnavailable, "none"), (refused.Error?.Code, refused.Stats.Isolation));
            Assert.Equal(["ProtectedFiles"], Assert.IsType<string[]>(refused.Error!.Data!["layers"]));
            Assert.Contains($"{_engine.Above} may be written by other users (mode 777): run chmod go-w", refused.Error.Message, StringComparison.Ordinal);
        }

        await using (var host = new EnclaveHost(
            new EnclaveOptions { EngineDirectory = _engine.Engine, AllowDegradedIsolation = [IsolationLayer.ProtectedFiles] }))
        {
            ExecutionResult run = await Within.Deadline(host.RunAsync("return 1"), "answer of an engine that others may write");

            Assert.True(run.Success, run.Error?.Message);
            Assert.Contains(" -ProtectedFiles", run.Stats.Isolation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task S1_A_folder_that_others_may_write_later_stops_the_next_worker_for_the_same_reason()
    {
        var pool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, MaxExecutionsPerWorker = 1 };
        await using var host = new EnclaveHost(new EnclaveOptions { EngineDirectory = _engine.Engine, Adapter = EnclaveAdapter.WorkerPool, WorkerPool = pool });
        Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer")).Success);

        OtherWriters.Shell("chmod", "777", _engine.Above);
        // A worker may have been started just before.
        ExecutionResult refused = await Within.Deadline(host.RunAsync("return 1"), "answer");
        if (refused.Success) refused = await Within.Deadline(host.RunAsync("return 1"), "answer without a worker");

        Assert.Equal((ErrorCode.IsolationUnavailable, "start"), (refused.Error?.Code, refused.Error?.Data?["phase"]));
        Assert.Contains($"{_engine.Above} may be written by other users (mode 777): run chmod go-w", refused.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_others_may_write_is_not_found()
    {
        string mine = Path.Combine(_engine.Above, "bin"), others = Path.Combine(_engine.Above, "others");
        foreach (string folder in (string[])[mine, others])
        {
            Directory.CreateDirectory(folder);
            File.Copy("/bin/true", Path.Combine(folder, "some-program"));
        }

        OtherWriters.Shell("chown", Owned, others);

        Assert.Equal((Path.Combine(mine, "some-program"), null), SystemPrograms.Find("some-program", $".:{others}:{mine}"));
        (string? found, string? fault) = SystemPrograms.Find("some-program", $"{others}:.");
        Assert.Equal(Path.Combine(others, "some-program"), found);
        Assert.StartsWith($"{others} belongs to user {Owned}", fault, StringComparison.Ordinal);
        Assert.Equal((null, null), SystemPrograms.Find("some-program", "."));
    }

    public void Dispose() => _engine?.Dispose();

    /// <summary>For a new host that shares remembered hashes with others.</summary>
    private EngineSeal Seal() => new(_engine.Files, EngineSeal.Pins, new SealMemory(_engine.Memory));

    private static async Task End(Process holder)
    {
        holder.StandardInput.Close();
        await Within.Deadline(holder.WaitForExitAsync(), "end of the other user's process");
    }
}
