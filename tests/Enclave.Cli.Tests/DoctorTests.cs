using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Cli.Doctor.Probes;
using Enclave.Engine;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave doctor</c>.</summary>
public sealed class DoctorTests
{
    private static readonly string[] s_names =
    [
        "engine", "runtime", "glibc", "libraries", "worker", "bubblewrap", "user namespaces", "seccomp", "landlock", "/proc", "cgroups", "file locks", "kernel",
        "cores", "memory", "descriptors",
    ];

    [Fact]
    public async Task Json_has_every_finding_and_a_remedy_for_what_is_missing()
    {
        CliResult result = await CliProcess.RunAsync("doctor", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        JsonElement json = JsonDocument.Parse(result.Output).RootElement;
        Assert.True(json.GetProperty("ready").GetBoolean());
        JsonElement[] findings = [.. json.GetProperty("findings").EnumerateArray()];
        Assert.Equal(s_names, findings.Select((finding) => finding.GetProperty("name").GetString()));
        Assert.All(findings, (finding) => Assert.NotEqual("", finding.GetProperty("value").GetString()));
        Assert.All(findings, (finding) => Assert.Equal(finding.GetProperty("status").GetString() != "present", finding.TryGetProperty("remedy", out _)));
    }

    [Fact]
    public async Task Text_has_a_line_for_each()
    {
        CliResult result = await CliProcess.RunAsync("doctor");

        Assert.Equal(0, result.ExitCode);
        Assert.All(s_names, (name) => Assert.Matches($"(?m)^(ok|--)  {name} ", result.Output));
        // Another test with its own clock covers the engine's age.
        Assert.Matches("(?m)^(ok|--)  engine +V8 [0-9]+\\.", result.Output);
        Assert.Matches("(?m)^ok  worker +starts; first result after [0-9.]+ ms", result.Output);
        Assert.EndsWith("This machine runs jobs.\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, FindingStatus.Present)]
    [InlineData(59, FindingStatus.Present)]
    [InlineData(60, FindingStatus.Present)]
    [InlineData(61, FindingStatus.Missing)]
    [InlineData(400, FindingStatus.Missing)]
    public async Task An_engine_is_old_after_sixty_days(int days, object status)
    {
        DateOnly released = EngineNote.Read(Path.Combine(CliProcess.Root, "artifacts", "engine"))!.Released!.Value;
        var clock = new DayClock(released.AddDays(days));

        Finding finding = await new EngineProbe(clock).ProbeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(status, finding.Status);
        Assert.Contains($"{days} days old", finding.Value, StringComparison.Ordinal);
        Assert.Equal((FindingStatus)status == FindingStatus.Missing, finding.Remedy?.Contains("use the newest release", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task Without_an_engine_it_says_so_and_ends_with_five()
    {
        CliResult result = await CliProcess.RunAsync("", ["doctor"], ("ENCLAVE_ENGINE", "/nowhere"));

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("!!  engine", result.Output, StringComparison.Ordinal);
        Assert.Contains("-> ENCLAVE_ENGINE is /nowhere", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_others_may_write_is_named_with_its_folder()
    {
        using var folder = new TemporaryFolder();
        string open = Directory.CreateDirectory(Path.Combine(folder.Path, "open")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(CliProcess.Root, "artifacts", "engine")))
            File.CreateSymbolicLink(Path.Combine(open, Path.GetFileName(file)), file);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(open, (UnixFileMode)0b111_111_111);

        CliResult plain = await CliProcess.RunAsync("", ["doctor"], ("ENCLAVE_ENGINE", open)), levels = await CliProcess.RunAsync(
            "", ["doctor", "--isolation", "--json"], ("ENCLAVE_ENGINE", open));

        Assert.Equal(5, plain.ExitCode);
        Assert.Matches($@"!!  engine +{open} may be written by other users \(mode 777\)\n +-> run chmod go-w {open}", plain.Output);
        foreach (JsonElement level in JsonDocument.Parse(levels.Output).RootElement.GetProperty("levels").EnumerateArray())
        {
            Assert.False(level.GetProperty("runs").GetBoolean());
            // No worker has shown that a layer is in force.
            Assert.DoesNotContain(level.GetProperty("layers").EnumerateArray(), (layer) => layer.GetProperty("status").GetString() == "active");
            JsonElement layer = Assert.Single(
                level.GetProperty("layers").EnumerateArray(), (layer) => layer.GetProperty("layer").GetString() == "ProtectedFiles");
            Assert.Equal(("mandatory", "unavailable"), (layer.GetProperty("requirement").GetString(), layer.GetProperty("status").GetString()));
        }
    }

    [Theory]
    [InlineData("", "reset by write protection")]
    [InlineData("copied", "reset by copying all of it")]
    public async Task Isolation_names_the_form_in_which_workers_are_reset(string form, string words)
    {
        CliResult result = await CliProcess.RunAsync("", ["doctor", "--isolation"], ("ENCLAVE_RESET", form));

        string[] lines = result.Output.Split('\n');
        int running = lines.Count((line) => line.Contains(" runs scripts (", StringComparison.Ordinal));
        Assert.True(running > 0, result.Output + result.Error);
        Assert.Equal(running, lines.Count((line) => line.StartsWith("  OwnProcess: active, ", StringComparison.Ordinal)
            && line.Contains($"; {words}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_missing_program_is_named_with_its_Debian_package()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync("", ["doctor"], CliProcess.WithoutBubblewrap(folder));

        Assert.Matches(@"--  bubblewrap +not installed\n +-> apt-get install -y bubblewrap\n", result.Output);
        Assert.Matches(@"ok  libraries +all 7 \(/", result.Output);
    }

    [Fact]
    public async Task A_jail_of_which_a_container_refuses_a_part_is_not_tried_again_for_workers()
    {
        using var folder = new TemporaryFolder();
        string bubblewrap = folder.File("bwrap", """
            #!/bin/sh
            case " $* " in *" --hostname "*) echo "bwrap: Can't set hostname to worker: Operation not permitted" >&2; exit 1 ;; esac
            exec /usr/bin/bwrap "$@"
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(bubblewrap, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        CliResult result = await CliProcess.RunAsync(
            "return 6 * 7", ["run", "-", "--json"], ("PATH", $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain(
            "bubblewrap", JsonElement.Parse(result.Output).GetProperty("stats").GetProperty("isolation").GetString(), StringComparison.Ordinal);
    }

    private sealed class DayClock(DateOnly day) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(day, TimeOnly.MinValue, TimeSpan.Zero);
    }
}
