using System.Reflection;
using Enclave.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Enclave.Host.Tests.Telemetry;

/// <summary>Each event id of the log has one meaning, so alerts can rely on it.</summary>
public sealed class LogIdTests
{
    [Fact]
    public void Every_event_has_an_id_of_its_own()
    {
        int[] ids = [.. typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select((method) => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId).OfType<int>()];

        Assert.True(ids.Length > 20, $"{ids.Length} events");
        Assert.Equal(ids.Distinct().Order(), ids.Order());
    }
}
