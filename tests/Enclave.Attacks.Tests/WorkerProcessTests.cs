using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A worker process gets only its pipes from the host, and no information about the machine.</summary>
public sealed partial class WorkerProcessTests
{
    public static TheoryData<SecurityLevel> Levels => [.. Enum.GetValues<SecurityLevel>()];

    [Fact]
    public async Task I5_No_descriptor_of_the_host_is_inherited()
    {
        Inspection.Need();
        // A host that was itself started with two open files, by a careless parent: 7 is below the numbers that a host opens itself, 251 above.
        using Process host = TestHosts.Start("spin", before: "exec 7</etc/hostname 251</etc/hostname;");
        try
        {
            Assert.Equal("ready", await TestHosts.NextLine(host));
            Assert.Equal(["/etc/hostname", "/etc/hostname"], new[] { 7, 251 }.Select((fd) => Target(host.Id, fd)));

            int[] processes = ProcessTable.WorkersOf(host.Id), workers = [
                .. processes.Where((pid) => ProcessTable.Command(pid) is not [var program, ..] || !program.EndsWith("bwrap", StringComparison.Ordinal))];

            // Two cells and their nursery.
            Assert.Equal(3, workers.Length);
            int nursery = Assert.Single(workers, (pid) => Descriptors(pid).Contains(7));
            Assert.All(workers.Except([nursery]), AssertOnlyPipes);
            Assert.Equal([0, 1, 2, 3, 4, 7], Descriptors(nursery));
            Assert.All([0, 1, 2, 3, 4], (fd) => Assert.StartsWith("pipe:", Target(nursery, fd), StringComparison.Ordinal));
            Assert.StartsWith("socket:", Target(nursery, 7), StringComparison.Ordinal);
            // Bubblewrap waits outside for the worker in its jail. It has no other descriptors of the host either.
            Assert.All(processes, (pid) => Assert.DoesNotContain(Descriptors(pid), (fd) => Target(pid, fd).StartsWith('/')));
        }
        finally
        {
            host.Kill();
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task I5_The_descriptors_are_those_of_the_list(SecurityLevel level)
    {
        Inspection.Need();
        await using LiveWorker worker = await LiveWorker.At(level);

        AssertOnlyPipes(worker.Pid);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task I6_The_environment_is_empty(SecurityLevel level)
    {
        Inspection.Need();
        Environment.SetEnvironmentVariable("ENCLAVE_TEST_SECRET", "hunter2");
        await using LiveWorker worker = await LiveWorker.At(level);

        Assert.All(File.ReadAllBytes($"/proc/{worker.Pid}/environ"), (one) => Assert.Equal(0, one));
        Assert.DoesNotContain("hunter2", worker.Read("cmdline"), StringComparison.Ordinal);
    }

    // Closing a descriptor under a thread that waits on it makes the thread poll without end.
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task A_worker_without_a_job_sleeps(SecurityLevel level)
    {
        await using LiveWorker worker = await LiveWorker.At(level);
        int asleep = 0;

        await Within.Becomes(() => (asleep = ProcessTable.Threads(worker.Pid).All((state) => state == 'S') ? asleep + 1 : 0) >= 100,
            "100 looks in a row at an idle worker found all its threads asleep");
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    public async Task I6_The_command_line_is_the_same_on_every_machine(SecurityLevel level)
    {
        await using LiveWorker worker = await LiveWorker.At(level);

        // Except for V8's flags, which belong to the level, and the host's id, by which a worker knows that its host lives.
        string[] words = [.. ProcessTable.Command(worker.Pid)
            .Where((word) => !V8Flag().IsMatch(word)).Select((word) => word == Environment.ProcessId.ToString() ? "HOST" : word)];

        Assert.Equal(
            ["/lib/ld-linux-x86-64.so.2", "--library-path", "/lib", "--preload", "./libenclave-engine.so", "./node", "worker", "./snapshot.bin", "HOST",
                (Environment.IsPrivilegedProcess ? "landlock+user+second" : "landlock")
                    + (Environment.GetEnvironmentVariable("ENCLAVE_RESET") == "copied" ? "+copy" : "")],
            words);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    public async Task I6_The_folder_and_the_machines_name_are_the_jails(SecurityLevel level)
    {
        Inspection.Need();
        await using LiveWorker worker = await LiveWorker.At(level);
        using Process name = Process.Start(
            new ProcessStartInfo("nsenter", ["--target", $"{worker.Pid}", "--uts", "hostname"]) { RedirectStandardOutput = true })!;

        Assert.Equal("/engine", worker.Link("cwd"));
        Assert.Equal("worker", (await Within.Deadline(name.StandardOutput.ReadToEndAsync(), "name in the jail")).Trim());
        Assert.NotEqual("worker", Environment.MachineName);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task I6_No_text_that_a_script_gets_names_a_place_of_the_host(SecurityLevel level)
    {
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = level,
            VerboseErrors = true,
            ToolHandler = static (_, _, _) => throw new InvalidOperationException("no"),
        }.WithoutGuard());
        string[] programs =
        [
            "return new Error('x').stack;",
            "const f = (n) => n ? f(n - 1) : new Error('deep').stack; return f(8);",
            "try { null.x } catch (e) { return e.stack }",
            "try { JSON.parse('{') } catch (e) { return e.stack }",
            "try { new RegExp('(') } catch (e) { return e.stack }",
            "try { [1].map(() => { throw new Error('y') }) } catch (e) { return e.stack }",
            "try { await callTool('t', {}) } catch (e) { return [e.message, e.stack] }",
            "try { await import('fs') } catch (e) { return [e.message, e.stack] }",
            "try { eval('1') } catch (e) { return [e.message, e.stack] }",
            "Error.prepareStackTrace = (e, sites) => sites.map((s) => [s.getFileName?.(), s.getScriptNameOrSourceURL?.(), s.getEvalOrigin?.(), String(s)]); " +
            "return new Error('z').stack;",
            "const o = {}; Error.captureStackTrace(o); return o.stack;",
            "return [callTool, parallel, console.log, Date, ArrayBuffer].map(String);",
            "throw new Error('thrown');",
            "const f = () => f(); f();",
            "return Intl.DateTimeFormat().resolvedOptions();",
        ];

        foreach (string program in programs)
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync(program), $"answer to {program}");
            string seen = $"{result.Value.ToJsonString()} {result.Error?.Message} {result.Error?.Stack}";
            Assert.False(AbsolutePath().IsMatch(seen) || seen.Contains("file:", StringComparison.Ordinal), $"{program}\n{seen}");
            // The message of a tool's exception reaches the script. Its frames and its type stay in the host.
            Assert.DoesNotContain("InvalidOperation", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("Enclave.", seen, StringComparison.Ordinal);
        }

        ExecutionResult zone = await host.RunAsync(
            "const o = Intl.DateTimeFormat().resolvedOptions(); return [o.locale, o.timeZone, new Date(2026, 0, 1).getTimezoneOffset()]");
        Assert.Equal("[\"en-US\",\"UTC\",0]", zone.Value.ToJsonString());
    }

    [Fact]
    public async Task A_worker_has_a_session_of_its_own_so_that_no_terminals_signal_reaches_it()
    {
        await using LiveWorker worker = await LiveWorker.At(SecurityLevel.Standard);

        // proc_pid_stat(5): after the name come state, parent, process group and session. A jail shows its own ids, and 0 for processes outside.
        string[] fields = worker.Read("stat").Split(") ")[1].Split(' ');
        string own = File.ReadAllText("/proc/self/stat").Split(") ")[1].Split(' ')[3];

        // The first process of the jail created the session: bubblewrap's own or the nursery.
        string[] nursery = File.ReadAllText($"/proc/{fields[1]}/stat").Split(") ")[1].Split(' ');
        Assert.Equal(nursery[3], fields[3]);
        Assert.NotEqual(own, fields[3]);
    }

    /// <summary>0 is empty, 1 and 2 are the log, 3 and 4 carry frames.</summary>
    private static void AssertOnlyPipes(int pid)
    {
        Assert.Equal([0, 1, 2, 3, 4], ProcessTable.DescriptorsThatLeadOut(Descriptors(pid).ToDictionary((fd) => fd, (fd) => Target(pid, fd))));
        Assert.All([0, 1, 2, 3, 4], (fd) => Assert.StartsWith("pipe:", Target(pid, fd), StringComparison.Ordinal));
        Assert.Equal(Target(pid, 1), Target(pid, 2));
        Assert.Equal(4, new[] { 0, 1, 3, 4 }.Select((fd) => Target(pid, fd)).Distinct().Count());
    }

    private static IEnumerable<int> Descriptors(int pid) =>
        Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select((path) => int.Parse(Path.GetFileName(path))).Order();

    private static string Target(int pid, int fd) => new FileInfo($"/proc/{pid}/fd/{fd}").LinkTarget ?? "";

    [GeneratedRegex("^--(?!library-path|preload)")]
    private static partial Regex V8Flag();

    /// <summary>A slash at the start of a word with a letter behind it: not a quotient, a comment or a regular expression in our own texts.</summary>
    [GeneratedRegex("""(^|[\s("'@\[])/[A-Za-z][\w.-]*/""")]
    private static partial Regex AbsolutePath();
}
