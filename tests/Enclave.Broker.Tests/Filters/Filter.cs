using System.Text.Json;
using Enclave.Broker.Filters;
using Enclave.Streaming;

namespace Enclave.Broker.Tests.Filters;

/// <summary>Creates filters from JSON.</summary>
internal static class Filter
{
    public static EventFilter Of(string json)
    {
        Assert.True(EventFilter.TryParse(JsonElement.Parse(json), out EventFilter? filter, out string? problem), problem);
        return filter;
    }

    /// <summary>A filter of one pattern that includes the matches.</summary>
    public static EventFilter Pattern(string type, string pattern, string? field = "payload.chunk", bool caseInsensitive = false) =>
        Of(JsonSerializer.Serialize(new
        {
            mode = "include",
            rules = new[] { new { content = new { patterns = new[] { new { type, pattern, field = field ?? "", caseInsensitive } } } } },
        }));

    public static bool PassesText(this EventFilter filter, string chunk) => filter.Passes(new SessionEvent("s_1", 1, new Stdout(chunk)));

    public static string Problem(string json)
    {
        Assert.False(EventFilter.TryParse(JsonElement.Parse(json), out _, out string? problem));
        return problem;
    }
}
