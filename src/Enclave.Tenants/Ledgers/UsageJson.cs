using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Tenants.Ledgers;

/// <summary>Usage as JSON, and its groups as text: one form for the command line and the operator's route.</summary>
internal static class UsageJson
{
    /// <summary>The form of groups, for people.</summary>
    public const string Groups = "tenant, key, script, month, day or hour, with commas between";

    /// <summary>Reads groups. Returns false if the text names no groups.</summary>
    public static bool TryGroups(string text, out UsageGroups groups)
    {
        groups = UsageGroups.None;
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (word.Length == 0 || !char.IsAsciiLetter(word[0]) || !Enum.TryParse(word, ignoreCase: true, out UsageGroups group) || group == UsageGroups.None)
                return false;
            groups |= group;
        }

        return true;
    }

    /// <summary>Members of groups that were not asked for are left out; a run without a tenant has null.</summary>
    public static JsonArray List(IReadOnlyList<UsageRow> rows, UsageGroups by)
    {
        var list = new JsonArray();
        foreach (UsageRow row in rows)
        {
            var line = (JsonObject)JsonSerializer.SerializeToNode(row, UsageRowJson.Default.UsageRow)!;
            if (!by.HasFlag(UsageGroups.Tenant)) line.Remove("tenant");
            if (!by.HasFlag(UsageGroups.Key)) line.Remove("key");
            if (!by.HasFlag(UsageGroups.Script)) line.Remove("script");
            if ((by & (UsageGroups.Month | UsageGroups.Day | UsageGroups.Hour)) == 0) line.Remove("time");
            line["cpuMs"] = Math.Round(row.CpuMs, 3);
            line["wallMs"] = Math.Round(row.WallMs, 3);
            list.Add((JsonNode)line);
        }

        return list;
    }
}
