using System.Net.WebSockets;
using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>One runtime, for one session.</summary>
internal sealed class WebSocketPlace(string session, RemoteRuntime runtime, RuntimeOptions options) : IRuntimePlace
{
    public string Name => runtime.Address.ToString();

    public string? Queue => null;

    public string? Fault => runtime.Fault;

    public void Answered() => runtime.Answered();

    public void Failed(string why) => runtime.Failed(why);

    public async Task<RuntimeOpening> OpenAsync(ChannelExecute execute, CancellationToken cancellationToken)
    {
        runtime.Enter();
        RuntimeSocket? socket = null;
        try
        {
            socket = await RuntimeSocket.ConnectAsync(session, runtime, options, cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(execute with { SessionId = session }, cancellationToken).ConfigureAwait(false);
            return RuntimeOpening.Begun(socket);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or TimeoutException or OperationCanceledException)
        {
            if (fault is not OperationCanceledException) runtime.Failed(fault.Message);
            if (socket is not null) await socket.DisposeAsync().ConfigureAwait(false);
            else runtime.Leave();
            return RuntimeOpening.NotBegun;
        }
    }
}
