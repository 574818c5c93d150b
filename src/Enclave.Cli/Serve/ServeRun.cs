using System.Net;
using System.Text.Json.Nodes;
using Enclave.Broker;
using Enclave.Broker.Access;
using Enclave.Broker.Lifecycle;
using Enclave.Cli.Commands;
using Enclave.Cli.Http;
using Enclave.Cli.Metrics;
using Enclave.Cli.Options;
using Enclave.Cli.Serve.Demo;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.Mcp.AspNetCore;
using Enclave.Runtime.Server;
using Enclave.Streaming;
using Enclave.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Enclave.Cli.Serve;

/// <summary>Runs a broker until a signal ends it.</summary>
internal sealed class ServeRun(Terminal terminal)
{
    public const string TokenVariable = "ENCLAVE_TOKEN", OperatorTokenVariable = "ENCLAVE_OPERATOR_TOKEN",
        RuntimeTokenVariable = "ENCLAVE_RUNTIME_TOKEN";

    /// <summary>How long sessions may continue by default.</summary>
    public const int UsualDrainSeconds = 8;

    /// <summary>Maximum number of authenticated connections. Idle ones cost a few KB each.</summary>
    private const int MaxConnections = 20_000;

    /// <summary>Maximum number of unauthenticated connections: of all addresses, and of one. A whole backend may use one address.</summary>
    private const int MaxUnauthenticated = 4096, MaxUnauthenticatedPerAddress = 2048;

    /// <summary>The time for a request's headers, which normally arrive at once.</summary>
    private static readonly TimeSpan s_headers = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(1);

    public async Task<int> RunAsync(ServeRequest request, CancellationToken signal)
    {
        IPAddress? address = ListenHosts.Parse(request.Address);
        CheckPlace(request);
        ToolTimeouts.Check(request.ToolTimeout, request.Level, request.Limits.Timeout);
        BrokerTokens? tokens = Tokens(request);
        if (tokens is null && (address is null || !IPAddress.IsLoopback(address)))
        {
            throw new UsageException($"--host {request.Address} can be reached over the network, and without tokens everybody there could run scripts: " +
                $"add --token-file FILE or --openid-provider URL, set {TokenVariable}, or listen on 127.0.0.1.");
        }

        try
        {
            var metrics = new MetricsServer(address, request.MetricsPort);
            using ServerCertificate? certificate = ServerCertificate.Read(request.TlsCertificate, request.TlsKey, (why) => ClearText.Warn(terminal, why));
            WebApplication app = Build(request, address, tokens, certificate);
            await using (metrics.ConfigureAwait(false))
            await using (app.ConfigureAwait(false))
            {
                if (request.Provider is { } provider) await provider.CheckAsync(app.Services, signal).ConfigureAwait(false);
                try
                {
                    await PortFault.ExplainedAsync(app.StartAsync(signal), "--port", request.Port, request.Address).ConfigureAwait(false);
                }
                catch (InvalidOperationException fault)
                {
                    // No worker starts, or the machine lacks a layer that the level requires.
                    terminal.Fail(fault.Message);
                    return ExitCode.HostFailed;
                }

                if (tokens is null) CheckLoopback(SmallServer.AddressesOf(app));
                ClearText.Warn(terminal, SmallServer.AddressesOf(app));
                await PortFault.ExplainedAsync(metrics.StartAsync(signal), "--metrics-port", request.MetricsPort ?? 0, request.Address).ConfigureAwait(false);
                Announce(app, request, tokens, metrics.Address);
                await Task.Delay(Timeout.Infinite, signal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await StopAsync(app).ConfigureAwait(false);
            }
        }
        catch (OptionsValidationException fault)
        {
            throw new UsageException(string.Join(' ', fault.Failures));
        }
        catch (OpenApiException fault)
        {
            throw new UsageException($"--openapi: {fault.Message}");
        }

        return ExitCode.Success;
    }

    /// <summary>
    /// Without tokens the server must listen on loopback only. Checks the addresses that really listen, because they may come from other settings than the
    /// options.
    /// </summary>
    private static void CheckLoopback(IEnumerable<string> listening)
    {
        if (listening.FirstOrDefault(ClearText.IsOnNetwork) is { } address)
            throw new UsageException($"it listens on {address} as well, and without tokens everybody there could run scripts: add --token-file FILE.");
    }

    private static async Task StopAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time for a stop is over. Remaining sessions are cut, which is still a normal stop.
        }
    }

    private static WebApplication Build(ServeRequest request, IPAddress? address, BrokerTokens? tokens, ServerCertificate? certificate)
    {
        string? demo = request.Demo ? DemoPages.Find() : null;
        // Use the empty builder. The other builders also read addresses, certificates and host names from variables and files, which are not checked here.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ErrorLog.AddTo(builder.Logging, request.Debug);
        // A fault at the start is printed in one line, so its log entry with the stack is dropped. A fault that ends the host later is critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // Tokens are compared and never issued, so warnings about missing data protection keys do not matter.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // The broker keeps a fifth of a stop, and at least 2 s, for the last events of its readers.
        int drain = request.DrainTimeout ?? UsualDrainSeconds;
        TimeSpan shutdown = TimeSpan.FromSeconds(drain + Math.Max(2, drain / 4.0));
        builder.Services.Configure<HostOptions>((host) => host.ShutdownTimeout = shutdown);
        // The command handles signals itself.
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel((kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections + MaxUnauthenticated;
            kestrel.Limits.RequestHeadersTimeout = s_headers;
            kestrel.Limits.KeepAliveTimeout = s_idle;
            kestrel.ConfigureEndpointDefaults(new UnauthenticatedConnections(MaxUnauthenticated, MaxUnauthenticatedPerAddress).Guard);
            if (address is null) kestrel.ListenAnyIP(request.Port, Encrypt);
            else kestrel.Listen(address, request.Port, Encrypt);
        });
        if (certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddOptions<EnclaveOptions>().Configure((options) => Configure(options, request));
        string? store = SharedSecret.Read("--store-file", request.StoreFile, SharedSecret.StoreVariable);
        if (Place(request) == SessionPlace.Local && request.Durable(store) is { } durable)
        {
            // The container disposes what it made, in reverse order: the store after the host.
            builder.Services.AddSingleton((_) => durable.Store);
            builder.Services.AddOptions<EnclaveOptions>().Configure<RunStore>((options, _) => options.Durable = durable);
        }

        if (request.RunsSchedules) AddSchedules(builder.Services, request);
        foreach (OpenApiOptions service in request.Services)
            builder.Services.AddEnclaveOpenApi(request.ToolTimeout is { } time ? service with { Timeout = time } : service);
        // Protects against DNS rebinding: a page whose name was made to lead to this machine is refused.
        if (tokens is null)
            builder.Services.Configure<HostFilteringOptions>(static (hosts) => (hosts.AllowedHosts, hosts.AllowEmptyHosts) = (LoopbackHosts.Names, false));
        // The operator of this broker wrote the file with the tenants, and may see their names.
        builder.Services.Configure<FleetOptions>(static (fleet) => fleet.TenantNames = FleetTenantNames.Names);
        AddBroker(builder.Services, request);
        AddStore(builder.Services, request, store);
        AddMcp(builder.Services, request);
        if (tokens is not null) builder.Services.AddEnclaveBrokerTokens(tokens);
        request.Provider?.AddTo(builder.Services);
        WebApplication app = builder.Build();
        if (tokens is null) app.UseHostFiltering();
        app.Use((context, next) =>
        {
            if (tokens is null || context.User.Identity is { IsAuthenticated: true }) UnauthenticatedConnections.Admit(context);
            return next(context);
        });
        // Errors are JSON, also for paths that are not the broker's.
        app.MapFallback(static (HttpContext context) =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (StatusCodes.Status404NotFound, "application/json; charset=utf-8");
            return context.Response.WriteAsync($$"""{"code":"{{SessionCode.NotFound}}","message":"there is nothing here: docs/broker.md has the routes"}""");
        }).AllowAnonymous();
        Guard(app.MapEnclaveBroker());
        // Answers of the MCP server are not encrypted for their client.
        if (!request.RequireEncryption) Guard(app.MapEnclaveMcp());
        RouteGroupBuilder fleet = app.MapEnclaveBrokerFleet();
        Operators(fleet);
        if (app.Services.GetService<RunStore>() is not null) Operators(app.MapEnclaveRuns());
        if (request.Tenants is not null) Operators(app.MapEnclaveTenants());
        if (demo is null) return app;

        DemoPages.Map(app, demo);
        Guard(app.MapEnclaveBrokerFigures(DemoPages.FiguresPath));
        return app;

        void Encrypt(ListenOptions listen)
        {
            if (certificate is not null) listen.UseHttps(certificate.Handshakes(s_headers));
        }

        void Operators(RouteGroupBuilder routes) =>
            _ = tokens is null ? routes.AllowAnonymous() : routes.RequireAuthorization(static (who) => who.RequireRole(BrokerTokens.OperatorRole));

        void Guard(RouteGroupBuilder routes) => _ = tokens is null ? routes.AllowAnonymous() : routes.RequireAuthorization();
    }

    /// <exception cref="UsageException">There is no folder with schedules.</exception>
    private static void AddSchedules(IServiceCollection services, ServeRequest request)
    {
        string folder = request.RunFolder ?? throw new UsageException("--schedules needs the folder of the schedules: give --store FOLDER.");
        services.AddHostedService((provider) =>
        {
            IEnclave host = provider.GetRequiredService<IEnclave>();
            var scripts = new SavedScripts(ScriptStore.InFolder(folder), host);
            return new ScriptScheduler(ScheduleStore.InFolder(folder), scripts, host, null, provider.GetService<ILoggerFactory>());
        });
    }

    private static void AddBroker(IServiceCollection services, ServeRequest request)
    {
        if (request.Tenants is not null) services.AddSingleton(request.Tenants);
        if (QueueAddress.Read(request.QueueFile) is { } server)
        {
            if (request.Runtimes.Count > 0) throw new UsageException("--runtime and --queue-file are alternatives: give one of them.");
            services.AddEnclaveBrokerOverQueues((queues) => queues.Address = server, Limits);
            return;
        }

        if (Place(request) == SessionPlace.Local)
        {
            services.AddEnclaveBroker(Limits);
            return;
        }

        string? token = SharedSecret.Read("--runtime-token-file", request.RuntimeTokenFile, RuntimeTokenVariable);
        services.AddEnclaveBrokerOverRuntimes(
            (runtimes) =>
            {
                if (request.Runtimes.Count > 0) runtimes.Runtimes.Clear();
                foreach (string runtime in request.Runtimes) runtimes.Runtimes.Add(new Uri(runtime, UriKind.RelativeOrAbsolute));
                runtimes.Token = token;
            },
            Limits);

        void Limits(BrokerOptions broker)
        {
            (broker.AllowedOrigins, broker.RequireEncryption) = (request.Origins, request.RequireEncryption);
            broker.ClientTools = request.ClientTools;
            if (request.MaxSessions is { } most) broker.MaxSessions = broker.MaxSessionsPerOwner = most;
            if (request.RequestsPerMinute is { } rate) broker.RequestsPerMinute = rate;
            broker.SessionTtl = request.Limits.Timeout ?? broker.SessionTtl;
            broker.ToolTimeout = request.ToolTimeout ?? broker.ToolTimeout;
            broker.MaxToolCalls = request.Limits.MaxToolCalls ?? broker.MaxToolCalls;
        }
    }

    /// <exception cref="UsageException">An option is for the broker's own workers, and runtimes run the scripts.</exception>
    private static void CheckPlace(ServeRequest request)
    {
        if (Place(request) == SessionPlace.Local) return;
        string? local = request.Limits.Preset is not null ? "--preset" : request.Limits.MemoryLimit is not null ? "--memory"
            : request.Limits.MaxIterations is not null ? "--max-iterations" : request.Audit is not null ? "--audit" : request.Tenants is not null ? "--policies"
            : request.Fetch is not null ? "--fetch" : request.Libraries.Count > 0 ? "--library" : request.RunFolder is not null ? "--store" : null;
        if (local is null) return;
        // Durable sessions run at their broker (docs/durable-runs.md), and a runtime's scripts ask the broker's tools (ADR 30).
        string remedy = local is "--store" or "--fetch" ? "leave it out" : $"give {local} to enclave runtime instead";
        throw new UsageException($"{local} is for scripts that run here, and these run on runtimes: {remedy}.");
    }

    private static void AddMcp(IServiceCollection services, ServeRequest request)
    {
        if (Place(request) == SessionPlace.Local)
        {
            services.AddEnclaveMcp(Limits);
            return;
        }

        // Runtimes run the scripts: there is no host in this process, so a client's script is a session like any other.
        services.AddSingleton<RuntimeCatalogue>();
        services.AddEnclaveMcpOver(
            static (context) => new SessionCodeHost(
                context.RequestServices.GetRequiredService<IBrokerSessions>(), context.RequestServices.GetRequiredService<RuntimeCatalogue>(),
                Caller.Of(context)),
            Limits);

        void Limits(McpEndpointOptions mcp)
        {
            mcp.AllowedOrigins = request.Origins;
            mcp.Server = mcp.Server with { Description = request.Description, YieldAfter = request.YieldAfter };
            if (request.MaxSessions is { } most) mcp.MaxSessions = mcp.MaxSessionsPerOwner = most;
            if (request.RequestsPerMinute is { } rate) mcp.RequestsPerMinute = rate;
        }
    }

    private static SessionPlace Place(ServeRequest request)
    {
        if (QueueAddress.Read(request.QueueFile) is not null) return SessionPlace.Queues;
        return request.Runtimes.Count > 0 || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("RUNTIME_URL"))
            ? SessionPlace.Runtimes
            : SessionPlace.Local;
    }

    private static void AddStore(IServiceCollection services, ServeRequest request, string? store)
    {
        string? owner = SharedSecret.Read("--store-owner-file", request.StoreOwnerFile, SharedSecret.StoreOwnerVariable);
        if (store is not null) services.AddEnclaveBrokerPostgreSql((options) => (options.ConnectionString, options.OwnerConnectionString) = (store, owner));
        else if (request.StoreOwnerFile is not null)
            throw new UsageException($"--store-owner-file needs a store: add --store-file FILE, or set {SharedSecret.StoreVariable}.");
    }

    private static void Configure(EnclaveOptions options, ServeRequest request)
    {
        options.SecurityLevel = request.Level;
        options.Adapter = EnclaveAdapter.WorkerPool;
        options.AllowDegradedIsolation = request.AllowDegradedIsolation;
        (options.Libraries, options.Fetch) = (request.Libraries, request.Fetch);
        if (request.Secrets is { } secrets) options.Secrets = SecretSources.Folder(secrets);
        if (request.Demo) DemoTools.Add(options);
        request.Tools.AddTo(options.Tools, request.Services.Select((service) => service.Name), request.ToolTimeout);
        if (request.Workers is { } workers) options.WorkerPool = WorkerPoolPresets.For(request.Level) with
        {
            MinWorkers = Math.Min(WorkerPoolPresets.For(request.Level).MinWorkers, workers),
            MaxWorkers = workers,
        };
        options.Audit = request.Audit;
        if (request.Tenants is not null) options.UseTenants(request.Tenants);
        request.Limits.ApplyTo(options);
    }

    private static BrokerTokens? Tokens(ServeRequest request)
    {
        var tokens = new BrokerTokens();
        Add("--token-file", request.TokenFile, TokenVariable, tokens.AddFile, (token) => tokens.Add(token, "client"));
        int clients = tokens.Count;
        Add("--operator-token-file", request.OperatorTokenFile, OperatorTokenVariable, tokens.AddOperatorFile, (token) =>
            tokens.AddOperator(token, "operator"));
        if (request.Provider is not null) return tokens;
        if (clients == 0 && tokens.Count > 0)
            throw new UsageException($"--operator-token-file needs tokens for clients as well: add --token-file FILE, or set {TokenVariable}.");
        return clients == 0 ? null : tokens;
    }

    private static void Add(string option, string? file, string variable, Func<string, BrokerTokens> addFile, Func<string, BrokerTokens> add)
    {
        try
        {
            if (file is not null) addFile(file);
            else if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } token) add(token);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException($"{option}: {(file is null ? fault.Message : FileFault.Of(file, fault))}");
        }
    }

    private void Announce(WebApplication app, ServeRequest request, BrokerTokens? tokens, string? metrics)
    {
        string address = string.Join(" and ", SmallServer.AddressesOf(app));
        // Runtimes have their own levels and rules.
        string? level = Place(request) == SessionPlace.Local ? request.Level.ToString() : null;
        if (request.Json)
        {
            var line = new JsonObject { ["listening"] = address, ["tokens"] = tokens?.Count ?? 0, ["pid"] = Environment.ProcessId };
            if (level is not null)
                (line["level"], line["preset"]) = (level.ToLowerInvariant(), Presets.NameOf(request.Limits.Preset ?? GuardPreset.AgentScript));
            if (request.Provider is { } provider) line["openidProvider"] = provider.Address.AbsoluteUri;
            if (metrics is not null) line["metrics"] = metrics;
            terminal.Output.WriteJson(line.ToJsonString());
            return;
        }

        string where = Place(request) switch
        {
            SessionPlace.Runtimes => "over runtimes, at their levels",
            SessionPlace.Queues => "over runtimes that take sessions from queues, at their levels",
            _ => $"at {level!.ToUpperInvariant()}, {Presets.Of(request.Limits.Preset)}",
        };
        string door = (tokens, request.Provider) switch
        {
            (null, _) => "without tokens: everybody who reaches this address may run scripts",
            ({ Count: 0 }, { } provider) => $"for clients of {provider.Address}",
            ({ Count: var count }, var provider) =>
                $"for {(count == 1 ? "one token" : $"{count} tokens")}{(provider is null ? "" : $" and clients of {provider.Address}")}",
        };
        terminal.Output.WriteLine($"listening on {address} {where}, {door}{(metrics is null ? "" : $"; metrics at {metrics}")}; Ctrl-C stops it");
        if (request.Demo) terminal.Output.WriteLine($"the demo page: {address}/");
    }
}
