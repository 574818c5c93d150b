using Enclave.Configuration;
using Enclave.Fetch;
using Enclave.Libraries;
using Enclave.Limits;
using Microsoft.Extensions.Options;

namespace Enclave.DependencyInjection;

/// <summary>Checks the ranges of options for the options system.</summary>
internal sealed class EnclaveOptionsValidator : IValidateOptions<EnclaveOptions>
{
    public ValidateOptionsResult Validate(string? name, EnclaveOptions options)
    {
        try
        {
            if (OptionsCheck.Faults(options).Sentences is { Count: > 0 } faults)
                return ValidateOptionsResult.Fail(faults.Select((fault) => ConfiguredKeys.Message(options, fault)));
            options.Scoring?.Validate();
            GlobalsEncoder.Encode(options.Globals, null);
            LibrarySet.Check(FetchLibrary.Of(options.Fetch), options.Libraries, options.Globals);
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException fault)
        {
            return ValidateOptionsResult.Fail(ConfiguredKeys.Message(options, fault.Message));
        }
    }
}
