using System.Runtime.InteropServices;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>What a worker process is given by the host: nothing but its pipes.</summary>
public sealed partial class WorkerProcessTests
{
    [Fact]
    public async Task I5_no_descriptor_of_the_host_is_inherited()
    {
        // Without O_CLOEXEC, as a careless library in the host's process would open it.
        int leaked = open("/etc/hostname", 0);
        try
        {
            await WithWorker((pid) =>
            {
                string[] open = [.. Directory.GetFiles($"/proc/{pid}/fd").Select((link) => new FileInfo(link).LinkTarget ?? "")];
                Assert.DoesNotContain(open, (target) => target.Contains("hostname", StringComparison.Ordinal) || target.StartsWith("socket:", StringComparison.Ordinal));
                Assert.Equal(Target(pid, 1), Target(pid, 2));
                Assert.StartsWith("pipe:", Target(pid, 0), StringComparison.Ordinal);
                Assert.StartsWith("pipe:", Target(pid, 3), StringComparison.Ordinal);
                Assert.StartsWith("pipe:", Target(pid, 4), StringComparison.Ordinal);
                Assert.Equal(4, new[] { 0, 1, 3, 4 }.Select((fd) => Target(pid, fd)).Distinct().Count());
            });
        }
        finally
        {
            Assert.Equal(0, close(leaked));
        }
    }

    [Fact]
    public async Task I6_environment_is_empty_and_the_command_line_says_nothing()
    {
        Environment.SetEnvironmentVariable("ENCLAVE_TEST_SECRET", "hunter2");
        await WithWorker((pid) =>
        {
            Assert.Empty(File.ReadAllBytes($"/proc/{pid}/environ"));
            Assert.DoesNotContain("hunter2", File.ReadAllText($"/proc/{pid}/cmdline"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_worker_has_a_session_of_its_own_so_that_no_terminals_signal_reaches_it() => await WithWorker((pid) =>
    {
        string[] stat = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ');
        Assert.Equal(pid.ToString(), stat[3]);
    });

    [Fact]
    public async Task The_engine_lies_once_on_the_disk_and_is_mapped_from_there() => await WithWorker((pid) =>
        Assert.Contains(Path.Combine(Repository.Root, "artifacts", "engine", "node"), File.ReadAllText($"/proc/{pid}/maps"), StringComparison.Ordinal));

    private static async Task WithWorker(Action<int> look)
    {
        var called = new TaskCompletionSource();
        var release = new TaskCompletionSource<object?>();
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (_, _, _) =>
            {
                called.SetResult();
                return new ValueTask<object?>(release.Task);
            },
        });
        int[] before = Children();
        Task<ExecutionResult> run = host.RunAsync("return await callTool('gate')");
        await Within.Deadline(called.Task, "tool call of the first job");
        try
        {
            // Other tests of this process have workers as well; ours is among the new ones, and all are made alike.
            foreach (int pid in Children().Except(before)) look(pid);
        }
        finally
        {
            release.SetResult(null);
            await run;
        }
    }

    private static string Target(int pid, int fd) => new FileInfo($"/proc/{pid}/fd/{fd}").LinkTarget ?? "";

    private static int[] Children() =>
        [.. Directory.GetDirectories("/proc/self/task").SelectMany((task) => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse)];

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
