using System.Text.Json.Nodes;
using Enclave.Cli.Commands;
using Enclave.Cli.Http;
using Enclave.Cli.Metrics;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.Limits;
using Enclave.RabbitMq;
using Enclave.Runtime;
using Enclave.Streaming;
using Enclave.Tenants;
using Microsoft.Extensions.Logging;

namespace Enclave.Cli.Runtime;

/// <summary>Runs a runtime until a signal ends it.</summary>
internal sealed class RuntimeRun(Terminal terminal)
{
    public const string TokenVariable = "ENCLAVE_TOKEN";

    public async Task<int> RunAsync(RuntimeRequest request, CancellationToken signal)
    {
        using ServerCertificate? certificate = ServerCertificate.Read(request.TlsCertificate, request.TlsKey, (why) => ClearText.Warn(terminal, why));
        RuntimeWorkerOptions options = Options(request, certificate);
        Uri? server = QueueAddress.Read(request.QueueFile);
        if (server is null && request.TrustClasses.Count > 0) throw new UsageException("--trust-class needs queues: add --queue-file FILE.");
        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(options);
        var metrics = new MetricsServer(ListenHosts.Parse(options.Host), request.MetricsPort);
        await using (metrics.ConfigureAwait(false))
        await using (runtime.ConfigureAwait(false))
        {
            try
            {
                await runtime.StartAsync(signal).ConfigureAwait(false);
                await PortFault.ExplainedAsync(metrics.StartAsync(signal), "--metrics-port", request.MetricsPort ?? 0, options.Host).ConfigureAwait(false);
            }
            catch (RuntimeWorkerException refused)
            {
                terminal.Fail(refused.Message);
                return refused.Fault == RuntimeFault.Unprotected ? ExitCode.Usage : ExitCode.HostFailed;
            }

            ClearText.Warn(terminal, [$"{runtime.Address}"]);
            QueueRuntime? queues = server is null ? null : Take(runtime, server, request);
            Announce(runtime, options, request, metrics.Address);
            await Task.Delay(Timeout.Infinite, signal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (queues is not null) await queues.StopAsync().ConfigureAwait(false);
            await runtime.StopAsync().ConfigureAwait(false);
            if (queues is not null) await queues.DisposeAsync().ConfigureAwait(false);
        }

        return ExitCode.Success;
    }

    private static QueueRuntime Take(RuntimeWorker runtime, Uri server, RuntimeRequest request)
    {
        var options = new QueueRuntimeOptions { Address = server };
        if (request.TrustClasses.Count > 0) options.TrustClasses = request.TrustClasses;
        try
        {
            return QueueRuntime.Start(runtime, options);
        }
        catch (Exception wrong) when (wrong is ArgumentException or IOException)
        {
            throw new UsageException($"--queue-file: {OptionFaults.TextOf(wrong)}");
        }
    }

    private RuntimeWorkerOptions Options(RuntimeRequest request, ServerCertificate? certificate)
    {
        var defaults = new RuntimeWorkerOptions();
        return defaults with
        {
            Port = request.Port ?? defaults.Port,
            Host = request.Host ?? defaults.Host,
            MaxSessions = request.MaxSessions ?? defaults.MaxSessions,
            DrainTimeout = request.DrainTimeout is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.DrainTimeout,
            SecurityLevel = request.Level ?? defaults.SecurityLevel,
            // A session's own defaults would hold in place of the host's.
            DefaultLimits = defaults.DefaultLimits with
            {
                TimeoutMs = (long?)request.Limits.Timeout?.TotalMilliseconds ?? defaults.DefaultLimits.TimeoutMs,
                MemoryLimit = request.Limits.MemoryLimit ?? defaults.DefaultLimits.MemoryLimit,
                MaxToolCalls = request.Limits.MaxToolCalls ?? defaults.DefaultLimits.MaxToolCalls,
            },
            // The limits that an operator gives hold for every broker, whatever it asks for.
            MaxLimits = new SessionLimits
            {
                TimeoutMs = (long?)request.Limits.Timeout?.TotalMilliseconds,
                MemoryLimit = request.Limits.MemoryLimit,
                MaxToolCalls = request.Limits.MaxToolCalls,
            },
            Security = new RuntimeSecurityOptions
            {
                SharedSecret = SharedSecret.Read("--token-file", request.TokenFile, TokenVariable),
                Handshake = certificate is null ? null : () => certificate.Current,
            },
            ConfigureHost = (host) =>
            {
                (host.AllowDegradedIsolation, host.Libraries, host.Audit) = (request.AllowDegradedIsolation, request.Libraries, request.Audit);
                request.Limits.ApplyTo(host);
                if (request.Tenants is not null) host.UseTenants(request.Tenants);
            },
            LoggerFactory = LoggerFactory.Create(static (logging) => ErrorLog.AddTo(logging, all: false)),
            Debug = request.Debug,
            OnDebug = terminal.Error.WriteJson,
        };
    }

    private void Announce(RuntimeWorker runtime, RuntimeWorkerOptions options, RuntimeRequest request, string? metrics)
    {
        string level = options.SecurityLevel.ToString();
        if (request.Json)
        {
            var line = new JsonObject
            {
                ["listening"] = runtime.Address!.ToString(),
                ["maxSessions"] = options.MaxSessions,
                ["level"] = level.ToLowerInvariant(),
                ["preset"] = Presets.NameOf(request.Limits.Preset ?? GuardPreset.AgentScript),
                ["pid"] = Environment.ProcessId
            };
            if (metrics is not null) line["metrics"] = metrics;
            terminal.Output.WriteJson(line.ToJsonString());
            return;
        }

        terminal.Output.WriteLine($"listening on {runtime.Address} for at most {options.MaxSessions} sessions at " +
            $"{level.ToUpperInvariant()}, {Presets.Of(request.Limits.Preset)}{(metrics is null ? "" : $"; metrics at {metrics}")}; Ctrl-C stops it");
    }
}
