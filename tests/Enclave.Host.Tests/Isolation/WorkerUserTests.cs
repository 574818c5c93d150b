using System.Diagnostics;
using Enclave.Processes;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Only one process on the machine holds a user id.</summary>
[Collection(Alone.Name)]
public sealed class WorkerUserTests
{
    /// <summary>Holds the given sockets, as another host would, until its input ends.</summary>
    private const string Holder =
        "use Socket; my @held; for my $name (@ARGV) { socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un(\"\\0$name\")) or die $!; " +
        "push @held, $s; } $| = 1; print \"held\\n\"; <STDIN>;";

    private readonly string _family = $"enclave-test-{Guid.NewGuid():n}";

    [Fact]
    public void Every_id_has_one_holder_and_when_all_are_taken_there_is_none()
    {
        var held = new List<WorkerUser>();
        try
        {
            while (WorkerUser.TryTake(_family) is { } user) held.Add(user);

            Assert.Equal(Enumerable.Range(62_000, 3_000), held.Select((user) => user.Id).Order());

            held[17].Dispose();
            held[17].Dispose();
            using WorkerUser? again = WorkerUser.TryTake(_family);
            Assert.Equal(held[17].Id, again?.Id);
            Assert.Null(WorkerUser.TryTake(_family));
        }
        finally
        {
            foreach (WorkerUser user in held) user.Dispose();
        }
    }

    [Fact]
    public async Task Ids_that_another_process_holds_are_passed_over_until_it_is_dead()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/perl"), "perl is not here: apt-get install -y perl-base");
        int[] taken = [62_000, 62_001, 64_500, 64_999];
        using Process holder = Process.Start(new ProcessStartInfo("/usr/bin/perl", ["-e", Holder, .. taken.Select((id) => $"{_family}-{id}")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var held = new List<WorkerUser>();
        try
        {
            Assert.Equal("held", await Within.Deadline(holder.StandardOutput.ReadLineAsync(), "word of the other process"));

            while (WorkerUser.TryTake(_family) is { } user) held.Add(user);
            Assert.Equal(Enumerable.Range(62_000, 3_000).Except(taken), held.Select((user) => user.Id).Order());

            holder.Kill();
            await Within.Deadline(holder.WaitForExitAsync(), "end of the other process");
            while (WorkerUser.TryTake(_family) is { } user) held.Add(user);
            Assert.Equal(Enumerable.Range(62_000, 3_000), held.Select((user) => user.Id).Order());
        }
        finally
        {
            if (!holder.HasExited) holder.Kill();
            foreach (WorkerUser user in held) user.Dispose();
        }
    }

    [Fact]
    public void Ids_are_not_given_again_at_once()
    {
        // A successor must not get what a dead worker's user still owned.
        int[] ids = [.. Enumerable.Range(0, 50).Select((_) =>
        {
            using WorkerUser user = WorkerUser.TryTake(_family)!;
            return user.Id;
        })];

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }
}
