using System.Globalization;
using System.Text.RegularExpressions;
using Enclave.Guard;
using Enclave.Guard.Presets;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Tests;

namespace Enclave.Host.Tests.Limits;

/// <summary>The users' page agrees with <see cref="LevelTable"/>. Another test checks the rows of isolation.</summary>
public sealed class LevelTableTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "levels.md"));

    public static TheoryData<string, string> Rows => new()
    {
        { "`Timeout` s", Of((row) => Seconds(row.Run.Timeout)) },
        { "`MaxToolCalls`", Of((row) => Text(row.Run.MaxToolCalls)) },
        { "`SequencePolicy` (ours)", Of((row) => row.HasSequencePolicy ? "`Strict`" : "`Off`") },
        { "`MaxIterations` of one loop; of all together 100 times that", Of((row) => Text(row.Run.MaxIterations)) },
        { "`MaxConsoleBytes` / `MaxConsoleCalls`", Of((row) => $"{Size(row.Run.MaxConsoleBytes)} / {Text(row.Run.MaxConsoleCalls)}") },
        { "`MinWorkers` / `MaxWorkers`", Of((row) => $"{Text(row.Pool.MinWorkers)} / {Text(row.Pool.MaxWorkers)}") },
        { "`MemoryLimitPerWorker` MB", Of((row) => Text(row.Pool.MemoryLimitPerWorker >> 20)) },
        { "`MaxExecutionsPerWorker`", Of((row) => Text(row.Pool.MaxExecutionsPerWorker)) },
        { "`MaxQueueSize`", Of((row) => Text(row.Pool.MaxQueueSize)) },
        { "`MaxMessagesPerSecond`", Of((row) => Text(row.Pool.MaxMessagesPerSecond)) },
        { "`MaxPendingToolCalls`", Of((row) => Text(row.Pool.MaxPendingToolCalls)) },
        { "`MaxMessageBytes` MB", Of((row) => Text(row.Pool.MaxMessageBytes >> 20)) },
        {
            "`QueueTimeout` / `IdleTimeout` / `GracefulShutdownTimeout` s",
            Of((row) => $"{Seconds(row.Pool.QueueTimeout)} / {Seconds(row.Pool.IdleTimeout)} / {Seconds(row.Pool.GracefulShutdownTimeout)}")
        },
        { "`MaxWorkerAge` (ours)", Of((row) => row.Pool.MaxWorkerAge.TotalHours >= 1
        ? $"{Text((long)row.Pool.MaxWorkerAge.TotalHours)} h"
        : $"{Text((long)row.Pool.MaxWorkerAge.TotalMinutes)} min") },
        { "`Threshold` / `MaxReferenceBytes`", Of((row) => $"{Size(row.Sidecar.Threshold)} / {Size(row.Sidecar.MaxReferenceBytes)}") },
        { "`MaxTotalBytes` / `MaxReferences`", Of((row) => $"{Size(row.Sidecar.MaxTotalBytes)} / {Text(row.Sidecar.MaxReferences)}") },
        { "`MaxResolvedBytes` / `MaxResolutionDepth`", Of((row) => $"{Size(row.Sidecar.MaxResolvedBytes)} / {Text(row.Sidecar.MaxResolutionDepth)}") },
        { "a worker serves", Of((row) => row.Run.OneTenantPerWorker ? "one tenant in its life" : "any") },
        { "kill grace ms", Of((row) => Text((long)row.Run.KillGrace.TotalMilliseconds)) },
        { "value depth / members", Of((row) => $"{Text(row.Run.MaxValueDepth)} / {Text(row.Run.MaxValueProperties)}") },
        { "`Date` and `performance` move, and timers fire, in steps of", Of((row) => $"{Text((long)row.Run.ClockStep.TotalMilliseconds)} ms") },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_page_has_the_figures_of_the_table(string label, string cells)
    {
        Match row = Regex.Match(s_page, $@"^\| {Regex.Escape(label)} \| (.+) \|$", RegexOptions.Multiline);

        Assert.True(row.Success, $"docs/levels.md has no row {label}");
        Assert.Equal(cells, row.Groups[1].Value);
    }

    [Fact]
    public void The_page_has_the_isolation_of_the_table()
    {
        foreach (IsolationLayer layer in IsolationTable.Layers)
        {
            Match row = Regex.Match(s_page, $@"^\| `{layer}`[^|]* \| (.+) \|$", RegexOptions.Multiline);
            string[] wanted = [.. Enum.GetValues<SecurityLevel>().Select((level) => IsolationTable.Requirement(level, layer) switch
            {
                LayerRequirement.Mandatory => "M",
                LayerRequirement.BestEffort => "B",
                _ => "–",
            })];

            Assert.True(row.Success, $"docs/levels.md has no row {layer}");
            Assert.Equal(string.Join(" | ", wanted), row.Groups[1].Value);
        }
    }

    [Fact]
    public void Each_level_has_its_own_row_and_the_guard_s_level_of_its_name()
    {
        foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
        {
            Assert.Equal(level, LevelTable.Of(level).Level);
            Assert.Equal(level.ToString(), level.ToGuardLevel().ToString());
            Assert.Equal(level.ToGuardLevel(), GuardLevelTable.Of(LevelTable.Of(level).Guard).Level);
        }
    }

    [Fact]
    public void The_page_has_the_largest_scripts_of_the_guard_s_table()
    {
        string[] sizes = [.. Enum.GetValues<SecurityLevel>()
            .Select((level) => GuardLevelTable.PreScan(GuardPreset.JavaScript, LevelTable.Of(level).Guard).InputBytes)
            .Select((bytes) => bytes >= 1 << 20 ? $"{Text(bytes >> 20)} MB" : $"{Text(bytes >> 10)} kB")];

        Assert.Contains($"a script may have {string.Join(", ", sizes[..^1])} or {sizes[^1]}, by level", s_page, StringComparison.Ordinal);
    }

    private static string Of(Func<LevelRow, string> cell) => string.Join(" | ", Enum.GetValues<SecurityLevel>().Select((level) => cell(LevelTable.Of(level))));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => Text((long)time.TotalSeconds);

    private static string Size(long bytes) =>
        bytes >= 1L << 30 ? $"{Text(bytes >> 30)} GB" : bytes >= 1 << 20 ? $"{Text(bytes >> 20)} MB" : $"{Text(bytes >> 10)} KB";
}
