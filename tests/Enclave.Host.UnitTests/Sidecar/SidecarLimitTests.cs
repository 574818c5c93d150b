using Enclave.Protocol;
using Enclave.Sidecar;

namespace Enclave.Host.Tests.Sidecar;

/// <summary>Each limit, exactly at it and one above it: the code names the limit, and nothing is left behind.</summary>
public sealed class SidecarLimitTests
{
    [Fact]
    public async Task As_many_references_as_allowed_and_no_more()
    {
        await using var bench = new SidecarBench((options) => options with { MaxReferences = 3 });
        ReferenceRun run = bench.Begin();
        await SidecarBench.Give(run, ScriptValue.From(new[] { new string('a', 2000), new string('b', 2000) }));

        Assert.Equal("MAX_REFERENCE_COUNT", await SidecarBench.CodeOf(
            () => SidecarBench.Give(run, ScriptValue.From(new[] { new string('c', 2000), new string('d', 2000) }))));

        // The first of the two was removed again, so there is room for one.
        Assert.Equal(2, bench.Store.Count);
        Assert.True((await SidecarBench.Give(run, SidecarBench.Text(2000))).HasReference);
    }

    [Fact]
    public async Task One_reference_has_a_largest_size()
    {
        await using var bench = new SidecarBench((options) => options with { MaxReferenceBytes = 4003 });
        ReferenceRun run = bench.Begin();

        Assert.True((await SidecarBench.Give(run, SidecarBench.Text(4000))).HasReference);
        Assert.Equal("MAX_REFERENCE_SIZE", await SidecarBench.CodeOf(() => SidecarBench.Give(run, SidecarBench.Text(4001))));
    }

    [Fact]
    public async Task A_tool_that_returns_a_hundred_megabytes_meets_the_limit_before_anything_is_stored()
    {
        await using var bench = new SidecarBench((options) => options with { Threshold = null });

        Assert.Equal("MAX_REFERENCE_SIZE", await SidecarBench.CodeOf(() => SidecarBench.Give(bench.Begin(), SidecarBench.Text(100 << 20))));
        Assert.Equal(0, bench.Store.Count);
    }

    [Fact]
    public async Task All_references_of_a_run_have_a_largest_size_together()
    {
        await using var bench = new SidecarBench((options) => options with { MaxReferenceBytes = 4003, MaxTotalBytes = 8006 });
        ReferenceRun run = bench.Begin();
        await SidecarBench.Give(run, SidecarBench.Text(4000));
        await SidecarBench.Give(run, SidecarBench.Text(4000));

        Assert.Equal("MAX_TOTAL_SIZE", await SidecarBench.CodeOf(() => SidecarBench.Give(run, SidecarBench.Text(1100))));
        Assert.True((await SidecarBench.Give(bench.Begin(), SidecarBench.Text(4000))).HasReference);
    }

    [Fact]
    public async Task A_value_that_is_put_in_counts_as_often_as_it_is_named()
    {
        await using var bench = new SidecarBench((options) => options with { MaxResolvedBytes = 8006 });
        ReferenceRun run = bench.Begin();
        ScriptValue reference = await SidecarBench.Give(run, SidecarBench.Text(4000));

        Assert.Equal(2, (await SidecarBench.Take(run, ScriptValue.OfArray([reference, reference]))).Count);
        Assert.Equal("MAX_RESOLVED_SIZE", await SidecarBench.CodeOf(() => SidecarBench.Take(run, ScriptValue.OfArray([reference, reference, reference]))));
        ExecutionResult result = await SidecarBench.End(run, ScriptValue.OfArray([reference, reference, reference]));
        Assert.Equal((ErrorCode.OutputLimit, "MAX_RESOLVED_SIZE"), (result.Error!.Code, result.Error.Data!["code"]));
    }

    [Fact]
    public async Task References_lie_in_each_other_no_deeper_than_allowed()
    {
        await using var bench = new SidecarBench((options) => options with { MaxResolutionDepth = 2 });

        Assert.True((await SidecarBench.Give(bench.Begin(), Nested(2))).HasReference);
        Assert.Equal("MAX_RESOLUTION_DEPTH", await SidecarBench.CodeOf(() => SidecarBench.Give(bench.Begin(), Nested(3))));
        Assert.Equal(2, bench.Store.Count);
    }

    [Fact]
    public async Task References_make_no_value_deeper_than_a_value_may_be()
    {
        await using var bench = new SidecarBench();
        ReferenceRun run = bench.Begin();
        ScriptValue deep = SidecarBench.Text(10);
        for (int i = 0; i < 90; i++) deep = ScriptValue.OfArray([deep, SidecarBench.Text(20)]);
        ScriptValue value = await SidecarBench.Give(run, deep);
        for (int i = 0; i < 20; i++) value = ScriptValue.OfArray([value]);

        Assert.Equal("MAX_RESOLUTION_DEPTH", await SidecarBench.CodeOf(() => SidecarBench.Take(run, value)));
    }

    [Fact]
    public async Task A_value_that_fits_in_no_message_is_not_loaded_and_still_goes_to_tools()
    {
        await using var bench = new SidecarBench();
        ReferenceRun run = bench.Begin();
        ScriptValue reference = await SidecarBench.Give(run, SidecarBench.Text(2 << 20));

        Assert.Equal("MAX_RESOLVED_SIZE", await SidecarBench.CodeOf(() => SidecarBench.Load(run, reference)));
        Assert.Equal(2 << 20, (await SidecarBench.Take(run, reference)).AsString().Length);
    }

    [Fact]
    public async Task A_value_that_many_calls_name_at_once_is_in_memory_once()
    {
        var store = new FaultyStore();
        await using var bench = new SidecarBench((options) => options with { Storage = store });
        ReferenceRun run = bench.Begin();
        ScriptValue reference = await SidecarBench.Give(run, SidecarBench.Text(2000));

        ScriptValue[] values = await Task.WhenAll(Enumerable.Range(0, 50).Select((_) => Task.Run(() => SidecarBench.Take(run, reference))));

        Assert.All(values, (value) => Assert.Same(values[0], value));
        Assert.Equal(1, store.Gets);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict, 64 << 10, 4 << 20, 16L << 20, 50, 8L << 20, 5)]
    [InlineData(SecurityLevel.Secure, 256 << 10, 16 << 20, 64L << 20, 100, 32L << 20, 10)]
    [InlineData(SecurityLevel.Standard, 1 << 20, 64 << 20, 256L << 20, 500, 128L << 20, 20)]
    [InlineData(SecurityLevel.Permissive, 4 << 20, 256 << 20, 1L << 30, 1000, 512L << 20, 50)]
    public void Each_level_has_the_documented_limits(SecurityLevel level, int threshold, int one, long total, int count, long resolved, int depth)
    {
        var documented = new SidecarLimits
        {
            Threshold = threshold,
            MaxReferenceBytes = one,
            MaxTotalBytes = total,
            MaxReferences = count,
            MaxResolvedBytes = resolved,
            MaxResolutionDepth = depth,
        };

        Assert.Equal(documented, SidecarLimits.For(new SidecarOptions(), level));
    }

    [Fact]
    public void Options_outside_their_ranges_are_refused_by_name()
    {
        (SidecarOptions Options, string Name)[] wrong =
        [
            (new() { Threshold = 1023 }, "Sidecar.Threshold is 1023"),
            (new() { Threshold = 2 << 20, MaxReferenceBytes = 1 << 20 }, "Sidecar.MaxReferenceBytes is 1048576"),
            (new() { MaxTotalBytes = 1 }, "Sidecar.MaxTotalBytes is 1"),
            (new() { MaxReferences = 0 }, "Sidecar.MaxReferences is 0"),
            (new() { MaxResolvedBytes = 0 }, "Sidecar.MaxResolvedBytes is 0"),
            (new() { MaxResolutionDepth = 101 }, "Sidecar.MaxResolutionDepth is 101"),
            (new() { Ttl = TimeSpan.Zero }, "Sidecar.Ttl is 0"),
            (new() { StorageTimeout = TimeSpan.Zero }, "Sidecar.StorageTimeout is 0"),
            (new() { ReturnedReferences = (ReturnedReferences)7 }, "Sidecar.ReturnedReferences is 7"),
        ];

        Assert.All(wrong, (one) => Assert.Contains(
            one.Name, Assert.Throws<ArgumentException>(() => new EnclaveHost(new EnclaveOptions { Sidecar = one.Options })).Message, StringComparison.Ordinal));
    }

    /// <summary>Nested objects, each of which is large through its own small members.</summary>
    private static ScriptValue Nested(int levels)
    {
        ScriptValue value = ScriptValue.Null;
        for (int i = 0; i < levels; i++)
        {
            value = SidecarBench.Object([("inner", value), .. Enumerable.Range(0, 100).Select((n) => ($"member {n}", SidecarBench.Text(20)))]);
        }

        return value;
    }
}
