using Enclave.Limits;
using Microsoft.Extensions.Options;

namespace Enclave.Broker.Options;

/// <summary>Checks that every option is in its range. Otherwise the application does not start.</summary>
internal sealed class FleetOptionsCheck : IValidateOptions<FleetOptions>
{
    public ValidateOptionsResult Validate(string? name, FleetOptions options)
    {
        var wrong = new OptionFaults(nameof(FleetOptions));
        wrong.Range("Name.Length", options.Name?.Length ?? 0, 1, 64);
        wrong.Range(nameof(options.MaxTenants), options.MaxTenants, 0, 50);
        wrong.Range(nameof(options.Interval), options.Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        wrong.Range(nameof(options.Silence), options.Silence, TimeSpan.FromMilliseconds(200), TimeSpan.FromHours(1));
        wrong.Range(nameof(options.Forget), options.Forget, options.Silence, TimeSpan.FromDays(1));
        return wrong.Result;
    }
}
