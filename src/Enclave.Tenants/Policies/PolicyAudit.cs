using System.Globalization;
using System.Text.Json.Nodes;

namespace Enclave.Tenants.Policies;

/// <summary>The audit of changes of policies in a file: one line for each, beside the file. Who, when, from, to.</summary>
internal static class PolicyAudit
{
    /// <summary>Adds a line.</summary>
    /// <param name="file">The file with the policies.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="by">The person or program that changed it.</param>
    /// <param name="from">The policy before.</param>
    /// <param name="to">The policy from now on.</param>
    /// <exception cref="IOException">The line cannot be written.</exception>
    public static void Add(string file, string tenant, string by, TenantPolicy from, TenantPolicy to)
    {
        var line = new JsonObject
        {
            ["time"] = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
            ["by"] = by,
            ["tenant"] = tenant,
            ["from"] = QuotaRule.Name(from.State),
            ["to"] = QuotaRule.Name(to.State),
            ["fromVersion"] = PolicyJson.VersionOf(from),
            ["toVersion"] = PolicyJson.VersionOf(to),
        };
        File.AppendAllText($"{file}.audit.jsonl", line.ToJsonString() + "\n");
    }
}
