using Microsoft.Extensions.Options;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>Every option within its range, or the application does not start.</summary>
internal sealed class PostgreSqlStoreOptionsCheck : IValidateOptions<PostgreSqlStoreOptions>
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, PostgreSqlStoreOptions options)
    {
        var wrong = new List<string>();
        // What is wrong in it is not told: it has the password.
        if (!IsConnectionString(options.ConnectionString)) wrong.Add("PostgreSqlStoreOptions.ConnectionString is no connection string such as Host=db;Database=enclave;Username=enclave_broker.");
        if (options.OwnerConnectionString is { } owner && !IsConnectionString(owner)) wrong.Add("PostgreSqlStoreOptions.OwnerConnectionString is no connection string such as Host=db;Database=enclave;Username=enclave_owner.");
        if (options.Name.Length is 0 or > 200 || options.Name.Contains('\0', StringComparison.Ordinal)) wrong.Add("PostgreSqlStoreOptions.Name has 1 to 200 characters.");
        Time(nameof(options.Heartbeat), options.Heartbeat, TimeSpan.FromMilliseconds(50), s_minute);
        Time(nameof(options.Lease), options.Lease, 3 * options.Heartbeat, 10 * s_minute);
        Time(nameof(options.Patience), options.Patience, TimeSpan.FromMilliseconds(100), 10 * s_minute);
        Time(nameof(options.Poll), options.Poll, TimeSpan.FromMilliseconds(50), s_minute);
        Time(nameof(options.CommandTimeout), options.CommandTimeout, TimeSpan.FromMilliseconds(100), s_minute);
        if (options.MaxConnections is < 6 or > 500) wrong.Add($"PostgreSqlStoreOptions.MaxConnections is {options.MaxConnections}; its range is 6 to 500.");
        if (options.MaxPendingBytes is < 1 << 20 or > 4L << 30) wrong.Add($"PostgreSqlStoreOptions.MaxPendingBytes is {options.MaxPendingBytes}; its range is {1 << 20} to {4L << 30}.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Time(string option, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most) wrong.Add($"PostgreSqlStoreOptions.{option} is {value}; its range is {least} to {most}.");
        }
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) is { Host: not null, Username: not null };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
