using Enclave.Limits;
using Microsoft.Extensions.Configuration;

namespace Enclave.Configuration;

/// <summary>A library from configuration, which names its file: <c>{ "Name": "dayjs", "Path": "dayjs.min.js", "Sha256": "…" }</c>.</summary>
internal static class ConfiguredLibrary
{
    private const string Path = "Path";

    private static readonly string[] s_keys = [nameof(Library.Name), Path, nameof(Library.Sha256), nameof(Library.Description), nameof(Library.TypeScript)];

    /// <summary>Null if something is wrong; the faults then say what.</summary>
    public static Library? Read(IConfigurationSection section, ICollection<string> faults)
    {
        int before = faults.Count;
        foreach (IConfigurationSection child in section.GetChildren())
        {
            bool isKnown = s_keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase);
            if (!isKnown) faults.Add($"{child.Path} is not an option. Known are {string.Join(", ", s_keys)}");
            else if (child.GetChildren().Any()) faults.Add($"{child.Path} is a section; it has to be a value");
        }

        string? Text(string key) => string.IsNullOrEmpty(section[key]) ? null : section[key];
        if (Text(nameof(Library.Name)) is not { } name) faults.Add($"{section.Path} has no {nameof(Library.Name)}");
        else if (Text(Path) is not { } path) faults.Add($"{section.Path} has no {Path}");
        else if (faults.Count == before)
        {
            try
            {
                Library read = Library.FromFile(name, path, Text(nameof(Library.Sha256)));
                return new Library(read, Text(nameof(Library.Description)), Text(nameof(Library.TypeScript)));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
            {
                faults.Add($"{section.Path}: {OptionFaults.TextOf(fault)}");
            }
        }

        return null;
    }
}
