using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Tenants.Scripts;

/// <summary>The file of a saved script, without the texts of its versions.</summary>
/// <param name="EnclaveScript">The version of this form: 1.</param>
/// <param name="Script">The script.</param>
internal sealed record ScriptRow(int EnclaveScript, SavedScript Script)
{
    /// <summary>50 versions with the longest schemas, escaped.</summary>
    public const int MaxBytes = 32 << 20;

    private const int Form = 1;

    public static byte[] Write(SavedScript script) => JsonSerializer.SerializeToUtf8Bytes(new ScriptRow(Form, script), ScriptJson.Default.ScriptRow);

    /// <summary>The script as JSON for other programs: each schema is an object.</summary>
    public static JsonObject NodeOf(SavedScript script)
    {
        var node = (JsonObject)JsonSerializer.SerializeToNode(script, ScriptJson.Default.SavedScript)!;
        foreach (JsonNode? version in node["versions"]!.AsArray())
        {
            if (version!["parameters"] is JsonValue text) version["parameters"] = JsonNode.Parse(text.GetValue<string>());
        }

        return node;
    }

    /// <exception cref="SavedScriptException">It is not the row of this script.</exception>
    public static SavedScript Read(ReadOnlySpan<byte> bytes, string id)
    {
        try
        {
            ScriptRow row = JsonSerializer.Deserialize(bytes, ScriptJson.Default.ScriptRow) ?? throw Damaged(id, "it is empty");
            if (row.EnclaveScript != Form) throw Damaged(id, $"it has the form {row.EnclaveScript}, and this program reads {Form}");
            return WhyNot(row.Script, id) is { } why ? throw Damaged(id, why) : row.Script;
        }
        catch (JsonException fault)
        {
            throw Damaged(id, fault.Message);
        }
    }

    private static string? WhyNot(SavedScript script, string id)
    {
        // A contract that is made when it is compiled sets a member that is missing to null.
        if (script.Earlier is null || script.Trial is { Tenants: null }) return "a member is missing";
        if (new ScriptKey(script.Tenant, script.Name).Id != id) return "it is the row of another script";
        if (script.Versions.Count is 0 or > ScriptChanges.MaxVersions) return $"it has {script.Versions.Count} versions";
        for (int i = 0; i < script.Versions.Count; i++)
        {
            if (script.Versions[i].Number < 1 || (i > 0 && script.Versions[i].Number <= script.Versions[i - 1].Number)) return "its versions are not in order";
        }

        bool isWhole = (script.Active is not { } active || script.Find(active) is not null)
            && (script.Trial is not { } trial || script.Find(trial.Version) is not null);
        return isWhole ? null : "runs would get a version that is not there";
    }

    private static SavedScriptException Damaged(string id, string why) =>
        new(SavedScriptFault.Damaged, $"the file of a saved script ({id}) is damaged: {why}");
}
