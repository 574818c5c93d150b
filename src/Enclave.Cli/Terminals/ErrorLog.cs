using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Enclave.Cli.Terminals;

/// <summary>The log of commands that serve: one JSON object per line on standard error.</summary>
internal static class ErrorLog
{
    /// <summary>Warnings, errors and failed runs, or everything.</summary>
    public static void AddTo(ILoggingBuilder logging, bool all)
    {
        logging.ClearProviders();
        logging.AddJsonConsole();
        logging.Services.Configure<ConsoleLoggerOptions>(static (console) => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(all ? LogLevel.Debug : LogLevel.Warning);
        // A peer causes every entry of this category, and can cause thousands in a second, some of them critical.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);
        if (!all) logging.AddFilter("Enclave.Runs", LogLevel.Information);
    }
}
