using Enclave.Guard;
using Enclave.Guard.Options;

namespace Enclave;

/// <summary>Asks the guard which parts of the language and which globals scripts may use.</summary>
internal sealed class LanguageProbe
{
    private readonly ScriptGuard _guard;
    private readonly GuardOptions _options;
    private bool? _hasFetch;

    /// <param name="settings">The guard's settings.</param>
    public LanguageProbe(GuardSettings settings)
    {
        _options = settings.Options;
        IsWhole = settings.Preset == GuardPreset.JavaScript;
        // Requirements for whole scripts are stated once. A probe would not meet them.
        GuardOptions probing = _options with { RequireCallTool = false, RequiredFunctions = [], AllowedToolNames = null, CallToolValidation = null };
        _guard = new ScriptGuard(settings with { Options = probing, CacheBytes = 0 });
    }

    /// <summary>True if scripts have the whole language.</summary>
    public bool IsWhole { get; }

    /// <summary>True if a script may use fetch.</summary>
    public bool HasFetch => _hasFetch ??= Accepts("return fetch('https://example.com')", []);

    /// <summary>True if a script may call a tool of this name.</summary>
    public bool MayCall(string tool) => _options.AllowedToolNames is not { } allowed || allowed.Contains(tool, StringComparer.Ordinal);

    /// <summary>True if a script may use a global of the host.</summary>
    public bool MayName(string global) => Accepts($"return {global}", [global]);

    /// <summary>True only without a warning: at PERMISSIVE an unknown name gives just a warning.</summary>
    public bool Accepts(string program, IReadOnlyCollection<string> globals) => _guard.Validate(program, globals) is { Valid: true, Issues.Count: 0 };
}
