using Microsoft.Extensions.Options;

namespace Enclave.Broker.Options;

/// <summary>Checks that every option is in its range. Otherwise the application does not start.</summary>
internal sealed class FleetOptionsCheck : IValidateOptions<FleetOptions>
{
    public ValidateOptionsResult Validate(string? name, FleetOptions options)
    {
        var wrong = new List<string>();
        if (options.Name is not { Length: > 0 and <= 64 }) wrong.Add($"FleetOptions.Name has {options.Name?.Length ?? 0} characters; its range is 1 to 64.");
        if (options.MaxTenants is < 0 or > 50) wrong.Add($"FleetOptions.MaxTenants is {options.MaxTenants}; its range is 0 to 50.");
        Time(nameof(options.Interval), options.Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Time(nameof(options.Silence), options.Silence, TimeSpan.FromMilliseconds(200), TimeSpan.FromHours(1));
        Time(nameof(options.Forget), options.Forget, options.Silence, TimeSpan.FromDays(1));
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Time(string option, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most) wrong.Add($"FleetOptions.{option} is {value}; its range is {least} to {most}.");
        }
    }
}
