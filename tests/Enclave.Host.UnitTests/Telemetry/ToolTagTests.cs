using System.Diagnostics.Metrics;
using System.Globalization;
using Enclave.Diagnostics;
using Enclave.Telemetry;

namespace Enclave.Host.Tests.Telemetry;

/// <summary>The names of tools in metrics and spans.</summary>
public sealed class ToolTagTests
{
    [Fact]
    public void Names_of_a_runs_own_tools_count_and_others_do_not()
    {
        using var meter = new Meter("tags");
        using HostTelemetry telemetry = Telemetry(meter, new ToolCollection().Add("shared", () => 1));
        ToolCollection own = new ToolCollection().Add("plan", () => 1);

        Assert.Equal("shared", telemetry.TagOf("shared", null));
        Assert.Equal("plan", telemetry.TagOf("plan", own));
        Assert.Equal("other", telemetry.TagOf("plan", null));
        Assert.Equal("other", telemetry.TagOf("made up", own));
    }

    [Fact]
    public void Names_of_runs_are_bounded_in_number()
    {
        using var meter = new Meter("tags");
        using HostTelemetry telemetry = Telemetry(meter, []);
        HashSet<string> tags = [];
        for (int i = 0; i < 3 * HostTelemetry.MaxNamesOfRuns; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"t{i}");
            tags.Add(telemetry.TagOf(name, new ToolCollection().Add(name, () => 1)));
        }

        Assert.Equal(HostTelemetry.MaxNamesOfRuns + 1, tags.Count);
        Assert.Contains("other", tags);
        Assert.Equal("t0", telemetry.TagOf("t0", new ToolCollection().Add("t0", () => 1)));
    }

    private static HostTelemetry Telemetry(Meter meter, ToolCollection tools) => new(SecurityLevel.Standard, tools, new EnclaveMetrics(meter));
}
