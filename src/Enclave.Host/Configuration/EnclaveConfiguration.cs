using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Enclave.Configuration;

/// <summary>Options from an application's configuration (docs/hosting.md).</summary>
/// <remarks>
/// The framework's binder does not fit: it would change the shared presets themselves, does not know presets by
/// name or sizes like 64MB, and accepts a missing section silently.
/// </remarks>
internal static class EnclaveConfiguration
{
    /// <exception cref="OptionsValidationException">Keys are unknown, or values cannot be read. The message names all of them with their paths.</exception>
    public static void Apply(IConfigurationSection section, EnclaveOptions options)
    {
        var reader = new SectionReader(options);
        // Otherwise a misspelled section would silently run scripts with the defaults.
        if (section.Exists()) reader.Fill(section, options);
        else reader.Faults.Add($"the configuration has no section '{section.Path}': write it, or call AddEnclave without it");
        foreach ((string own, string pool) in PoolAdapterOptions.InPlaceOf)
        {
            string first = $"{nameof(options.Adapter)}:{own}", second = $"{nameof(options.WorkerPool)}:{pool}";
            if (section[first] is not null && section[second] is not null)
                reader.Faults.Add($"{section.Path}:{second} would be ignored, since {section.Path}:{first} says the same: leave one of them out");
        }

        if (reader.Faults.Count > 0) throw new OptionsValidationException(Options.DefaultName, typeof(EnclaveOptions), reader.Faults);
    }
}
