using System.Text.Json;

namespace Enclave.Samples;

/// <summary>A plug-in from a folder on the disk.</summary>
internal sealed record Plugin(string Name, IReadOnlySet<string> Tools, string Code)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads every folder with a manifest. An unknown tool stops the reading, so that a misspelled permission is noticed.</summary>
    public static IEnumerable<Plugin> In(string folder, IReadOnlyCollection<string> known)
    {
        foreach (string manifestFile in Directory.GetFiles(folder, "manifest.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            Manifest manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllText(manifestFile), s_json)
                ?? throw new InvalidDataException($"{manifestFile} is empty");
            if (manifest.Tools.Except(known).FirstOrDefault() is { } unknown) throw new InvalidDataException($"{manifestFile}: there is no tool {unknown}");
            string code = File.ReadAllText(Path.Combine(Path.GetDirectoryName(manifestFile)!, "plugin.js"));
            yield return new Plugin(manifest.Name, manifest.Tools.ToHashSet(StringComparer.Ordinal), code);
        }
    }

    private sealed record Manifest(string Name, string[] Tools);
}
