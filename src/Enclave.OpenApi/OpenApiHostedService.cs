using Enclave.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enclave.OpenApi;

/// <summary>Reads the documents of an application's services before anything else starts, and again at each service's interval.</summary>
internal sealed class OpenApiHostedService(IEnumerable<OpenApiService> services, ILoggerFactory? loggers = null) : IHostedLifecycleService, IDisposable
{
    private readonly ILogger _log = SafeLogger.Of(loggers).CreateLogger("Enclave");
    private readonly CancellationTokenSource _stop = new();
    private Task _refreshing = Task.CompletedTask;

    /// <exception cref="OpenApiException">A document cannot be read, so the application does not start.</exception>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.WhenAll(services.Select((service) => LoadAsync(service, cancellationToken)));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _refreshing = Task.WhenAll(services.Where((service) => service.Options.RefreshInterval is not null)
            .Select((service) => RefreshAsync(service, service.Options.RefreshInterval!.Value)));
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    private async Task LoadAsync(OpenApiService service, CancellationToken token)
    {
        await service.RefreshAsync(token).ConfigureAwait(false);
        Tell(service);
        foreach (string skipped in service.Skipped) OpenApiLog.OperationSkipped(_log, service.Name, skipped);
    }

    private void Tell(OpenApiService service)
    {
        if (service.WhySkipped.Length == 0) OpenApiLog.ServiceRead(_log, service.Name, service.Tools.Count);
        else OpenApiLog.ServiceReadInPart(_log, service.Name, service.Tools.Count, service.WhySkipped);
    }

    private async Task RefreshAsync(OpenApiService service, TimeSpan interval)
    {
        using var turns = new PeriodicTimer(interval, service.Options.TimeProvider);
        try
        {
            while (await turns.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    if (await service.RefreshAsync(_stop.Token).ConfigureAwait(false)) Tell(service);
                }
#pragma warning disable CA1031 // The tools that were read before stay. The next turn tries again.
                catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    OpenApiLog.RefreshFailed(_log, service.Name, fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application is stopping.
        }
    }
}
